#!/bin/sh
### BEGIN INIT INFO
# Provides:          ipvsadm
# Required-Start:    $network $remote_fs
# Required-Stop:     $network $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: IPVS table and connection synchronization
# Description:       Loads the rules of /etc/ipvsadm.rules and starts the sync daemon, as /etc/default/ipvsadm says.
### END INIT INFO

boot=/usr/lib/ipvsadm/boot

# What is left of a removed package does nothing.
[ -x "$boot" ] || exit 0

# Where systemd runs, this hands the first group to it.
. /lib/lsb/init-functions

case $1 in
  start | stop | restart | reload | force-reload) exec "$boot" "$1" ;;
  status | rate | load | clear | save) exec "$boot" "$1" ;;
  *) exec "$boot" ;;
esac
