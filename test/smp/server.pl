# server.pl ADDRESS PORT: accepts connections, sends one byte and closes them, until it is killed.
use strict;
use warnings;
use IO::Socket::INET;
my ($address, $port) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 1024, ReuseAddr => 1) or die "listen: $!";
while (my $connection = $listener->accept) {
    syswrite $connection, "x";
    close $connection;
}
