/** What a download consists of: so many pieces of so many bytes, and a pause in milliseconds before each. */
export const pieces = { count: 100, size: 100, pause: 50 };
