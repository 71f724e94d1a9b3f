# prober.pl ADDRESS FIRST-PORT COUNT END-FILE LOG-FILE: connects to the ports in turn, as fast as it can, until the first file is
# there. Writes a line for each connection to the second one: when it began and ended, on the monotonic clock, its port, and what
# became of it: `ok`, `refused`, `reset`, `timeout` (it did not come about), `silence` (no answer came) or another error.
use strict;
use warnings;
use Errno qw(ECONNREFUSED ECONNRESET EAGAIN EINPROGRESS ETIMEDOUT);
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
my ($address, $first, $count, $end, $file) = @ARGV;
my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
my $target = inet_pton($family, $address);
# Longer than a kernel under emulation stands still.
my $patience = 8;
open my $log, ">", $file or die "$file: $!";

sub outcome {
    my ($late) = @_;
    return "refused" if $! == ECONNREFUSED;
    return "reset" if $! == ECONNRESET;
    return $late if $! == EAGAIN || $! == EINPROGRESS || $! == ETIMEDOUT;
    return "error:" . ($! + 0);
}

for (my $round = 0; $round % 20 || !-e $end; $round++) {
    my $port = $first + $round % $count;
    socket my $socket, $family, SOCK_STREAM, 0 or die "socket: $!";
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0);
    setsockopt $socket, SOL_SOCKET, SO_SNDTIMEO, pack("qq", $patience, 0);
    setsockopt $socket, SOL_SOCKET, SO_RCVTIMEO, pack("qq", $patience, 0);
    my $begin = clock_gettime(CLOCK_MONOTONIC);
    my $to = $family == AF_INET ? pack_sockaddr_in($port, $target) : pack_sockaddr_in6($port, $target);
    my $result;
    if (connect $socket, $to) {
        my $got = sysread $socket, my $byte, 1;
        $result = !defined $got ? outcome("silence") : $got ? "ok" : "closed";
    }
    else { $result = outcome("timeout") }
    printf $log "%.6f %.6f %d %s\n", $begin, clock_gettime(CLOCK_MONOTONIC), $port, $result;
    close $socket;
}
close $log or die "$file: $!";
