/** What is used of the package chalk, for the small executable: its engine cannot load the package. */
const style = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[39m`;

export default { blue: style(34), green: style(32), cyan: style(36), yellow: style(33) };
