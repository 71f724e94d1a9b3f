# client.pl ADDRESS FIRST-PORT COUNT END-FILE: connects to the ports in turn, as fast as it can, until the file is there.
# Prints how many connections it made, and how many were refused, reset, or failed otherwise.
use strict;
use warnings;
use Errno qw(ECONNREFUSED ECONNRESET);
use Socket;
my ($address, $first, $count, $end) = @ARGV;
my $target = inet_aton($address);
my ($made, $refused, $reset, $other) = (0, 0, 0, 0);
for (my $round = 0; $round % 50 || !-e $end; $round++) {
    socket my $socket, PF_INET, SOCK_STREAM, 0 or die "socket: $!";
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0);
    setsockopt $socket, SOL_SOCKET, SO_SNDTIMEO, pack("qq", 3, 0);
    setsockopt $socket, SOL_SOCKET, SO_RCVTIMEO, pack("qq", 3, 0);
    if (connect $socket, sockaddr_in($first + $round % $count, $target)) {
        defined sysread($socket, my $byte, 1) ? $made++ : $! == ECONNRESET ? $reset++ : $other++;
    }
    elsif ($! == ECONNREFUSED) { $refused++ }
    elsif ($! == ECONNRESET) { $reset++ }
    else { $other++ }
    close $socket;
}
print "$made $refused $reset $other\n";
