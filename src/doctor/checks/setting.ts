import { allMethods } from "../check.js";

/** The file of a setting of IPVS. */
export const ipvsSetting = (name: string) => `/proc/sys/net/ipv4/vs/${name}`;

/** Where the kernel shows its release. */
export const releaseFile = "/proc/sys/kernel/osrelease";

/** What most checks of a director have in common. */
export const onDirector = { role: "director", methods: allMethods } as const;

export const sysctlPage = "Linux, Documentation/networking/ipvs-sysctl.rst";

/** `6.1.0-13-amd64` as 6.001, so that releases can be compared. */
export function releaseNumber(text: string | undefined): number {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(text ?? "") ?? [];
  return Number(major) + Number(minor) / 1000;
}

/** What a finding says of a setting that has a wrong value. */
export const settingOf = (path: string, value: number | string) => ({
  object: path.slice(10).replaceAll("/", "."),
  read: `it is ${value}`,
});
