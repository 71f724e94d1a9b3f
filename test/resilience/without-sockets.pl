# without-sockets.pl KINDS ERRNO COMMAND...: runs a command that is refused the sockets that lead to ip_vs, by a seccomp
# filter. KINDS is `netlink`, or `all` for raw IP sockets too, over which ip_vs has an older interface. x86-64 and 64-bit ARM.
use strict;
use warnings;
use POSIX qw(uname);

my ( $kinds, $errno, @command ) = @ARGV;
my %number = ( x86_64 => { socket => 41, prctl => 157 }, aarch64 => { socket => 198, prctl => 167 } );
my $number = $number{ (uname)[4] } or die "no system call numbers for this machine\n";

use constant { LOAD => 0x20, AND => 0x54, IF_EQUAL => 0x15, RETURN => 0x06 };
use constant { CALL => 0, FAMILY => 16, TYPE => 24, AF_NETLINK => 16, SOCK_RAW => 3, TYPE_MASK => 0xf };
use constant { ALLOW => 0x7fff0000, REFUSE => 0x00050000, PR_SET_SECCOMP => 22, PR_SET_NO_NEW_PRIVS => 38, FILTER => 2 };

# A jump tells how many steps to leave out: where equal, and where not.
sub step { pack "SCCL", @_ }
my $filter = join "",
  step( LOAD, 0, 0, CALL ), step( IF_EQUAL, 0, 6, $number->{socket} ),
  step( LOAD, 0, 0, FAMILY ), step( IF_EQUAL, 3, 0, AF_NETLINK ),
  step( LOAD, 0, 0, TYPE ), step( AND, 0, 0, TYPE_MASK ), step( IF_EQUAL, 0, 1, $kinds eq "all" ? SOCK_RAW : -1 ),
  step( RETURN, 0, 0, REFUSE | $errno ), step( RETURN, 0, 0, ALLOW );
my $program = pack "Sx6P", length($filter) / 8, $filter;
syscall( $number->{prctl}, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0 ) == 0 or die "no_new_privs: $!\n";
syscall( $number->{prctl}, PR_SET_SECCOMP, FILTER, $program ) == 0 or die "seccomp: $!\n";
exec @command or die "$command[0]: $!\n";
