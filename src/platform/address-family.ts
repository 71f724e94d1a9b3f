/** Address families of Linux, the same on every processor (bits/socket.h). */
export const AF_INET = 2;
export const AF_INET6 = 10;
