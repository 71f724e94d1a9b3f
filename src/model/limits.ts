/** The limits that ipvsadm and the kernel set to values. */

/** Weights and thresholds: a signed 32-bit integer. */
export const largestInteger = 2 ** 31 - 1;

/** Firewall marks and what the kernel measures: an unsigned 32-bit integer. */
export const largestUnsigned = 2 ** 32 - 1;

export const largestPort = 65535;

/** Persistence and connection timeouts, seconds: 31 days (ipvsadm's MAX_TIMEOUT). */
export const longestTimeout = 31 * 24 * 60 * 60;

/** Schedulers, persistence engines and interfaces: 16 bytes with the terminating zero (IP_VS_SCHEDNAME_MAXLEN and others). */
export const longestName = 15;

/** Identifies a group of sync daemons. */
export const largestSyncId = 255;

/** Sync messages, bytes: the largest payload of a UDP datagram over IPv4. */
export const largestSyncMaxLength = 65507;

export const largestTtl = 255;

/** Prefix lengths, bits. */
export const longestPrefix = { inet: 32, inet6: 128 } as const;
