# pool.pl PORT...: accepts connections to any address of either family, sends one byte and closes them, until it is killed.
# Prints `ready` when it listens.
use strict;
use warnings;
use IO::Select;
use Socket qw(:DEFAULT IPPROTO_IPV6 IPV6_V6ONLY IN6ADDR_ANY pack_sockaddr_in6);
my $listeners = IO::Select->new;
for my $port (@ARGV) {
    socket my $listener, AF_INET6, SOCK_STREAM, 0 or die "socket: $!";
    setsockopt $listener, IPPROTO_IPV6, IPV6_V6ONLY, 0;
    setsockopt $listener, SOL_SOCKET, SO_REUSEADDR, 1;
    bind $listener, pack_sockaddr_in6($port, IN6ADDR_ANY) or die "bind: $!";
    listen $listener, 1024 or die "listen: $!";
    $listeners->add($listener);
}
$| = 1;
print "ready\n";
while (1) {
    for my $listener ($listeners->can_read) {
        accept my $connection, $listener or next;
        syswrite $connection, "x";
        close $connection;
    }
}
