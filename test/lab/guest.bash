# Sourced by what runs in the guest: our programs stand first on PATH, and ip_vs is loaded.
# IPVSADM_UNDER_TEST names a folder with other builds of ipvsadm, ipvsadm-save and ipvsadm-restore.
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PATH=${IPVSADM_UNDER_TEST:-$project/test/lab/bin}:$PATH
modprobe ip_vs
