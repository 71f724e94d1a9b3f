# Reads and resets the ip_vs table of its network namespace by raw generic netlink, sharing no code with the program
# under test. One request a line on stdin; the answer is lines that end with a line holding a dot.
#   dump   every service (`service HEX`), below it its servers (`server HEX`), the timeouts (`timeouts HEX`) and the
#          sync daemons (`daemon HEX`); HEX is the message's attributes as the kernel sent them
#   reset  no service, no daemon, the kernel's own timeouts
use strict;
use warnings;

use constant { NETLINK_GENERIC => 16, NOOP => 1, REQUEST => 1, ACK => 4, DUMP => 0x300, ERROR => 2, DONE => 3, NESTED => 0x8000 };
use constant {
    DEL_DAEMON => 10, GET_SERVICE => 4, GET_DEST => 8, GET_DAEMON => 11, SET_CONFIG => 12, GET_CONFIG => 13, FLUSH => 17,
};

# 16 is AF_NETLINK, 3 is SOCK_RAW; the port number 0 lets the kernel choose.
socket(my $socket, 16, 3, NETLINK_GENERIC) or die "netlink: $!";
bind($socket, pack('SSLL', 16, 0, 0, 0)) or die "netlink: $!";

sub attribute { my ($type, $payload) = @_; my $length = 4 + length $payload; pack('SSa*x!4', $length, $type, $payload) }

sub attributes {
    my ($bytes) = @_;
    my %found;
    while (length $bytes >= 4) {
        my ($length, $type) = unpack('SS', $bytes);
        last if $length < 4;
        $found{$type & 0x3fff} = substr($bytes, 4, $length - 4);
        $bytes = substr($bytes, ($length + 3 & ~3) > length $bytes ? length $bytes : $length + 3 & ~3);
    }
    return %found;
}

# The attribute bytes of every reply; an error reply ends the exchange and gives none.
sub ask {
    my ($family, $command, $flags, $attributes) = @_;
    my $message = pack('LSSLLCCxxa*', 20 + length $attributes, $family, REQUEST | $flags, 1, 0, $command, 1, $attributes);
    send($socket, $message, 0) // die "send: $!";
    my @replies;
    while (1) {
        defined recv($socket, my $datagram, 1 << 20, 0) or die "recv: $!";
        while (length $datagram >= 16) {
            my ($length, $type) = unpack('LS', $datagram);
            return @replies if $type == DONE || $type == ERROR;
            push @replies, substr($datagram, 20, $length - 20);
            $datagram = substr($datagram, ($length + 3 & ~3) > length $datagram ? length $datagram : $length + 3 & ~3);
        }
        return @replies unless $flags & (DUMP | ACK);
    }
}

my ($controller) = ask(16, 3, 0, attribute(2, "IPVS\0"));
my %controller = attributes($controller // die "no family IPVS\n");
my $ipvs = unpack('S', $controller{1});

sub dump_table {
    for my $reply (ask($ipvs, GET_SERVICE, DUMP, '')) {
        my %reply = attributes($reply);
        my %service = attributes($reply{1});
        print 'service ', unpack('H*', $reply), "\n";
        my $key = join '', map { attribute($_, $service{$_}) } grep { defined $service{$_} } 1 .. 5;
        print 'server ', unpack('H*', $_), "\n" for ask($ipvs, GET_DEST, DUMP, attribute(1 | NESTED, $key));
    }
    print 'timeouts ', unpack('H*', $_), "\n" for ask($ipvs, GET_CONFIG, 0, '');
    print 'daemon ', unpack('H*', $_), "\n" for ask($ipvs, GET_DAEMON, DUMP, '');
}

# Stops a sync daemon, whether it runs or not. The kernel gives no answer at all when it has not run yet (EINTR), so a
# message that does nothing stands behind, whose acknowledgement comes in any case.
sub stop_daemon {
    my ($state) = @_;
    my $attributes = attribute(3 | NESTED, attribute(1, pack('L', $state)));
    my $stop = pack('LSSLLCCxxa*', 20 + length $attributes, $ipvs, REQUEST, 1, 0, DEL_DAEMON, 1, $attributes);
    send($socket, $stop . pack('LSSLL', 16, NOOP, REQUEST | ACK, 2, 0), 0) // die "send: $!";
    while (1) {
        defined recv($socket, my $datagram, 1 << 20, 0) or die "recv: $!";
        return if (unpack('LSSL', $datagram))[3] == 2;
    }
}

sub reset_table {
    ask($ipvs, FLUSH, ACK, '');
    stop_daemon($_) for 1, 2;
    ask($ipvs, SET_CONFIG, ACK, attribute(4, pack('L', 900)) . attribute(5, pack('L', 120)) . attribute(6, pack('L', 300)));
}

while (my $request = <STDIN>) {
    if    ($request eq "dump\n")  { dump_table() }
    elsif ($request eq "reset\n") { reset_table() }
    else                          { die "unknown request: $request" }
    print ".\n";
    $| = 1, $| = 0;    # flush once an answer
}
