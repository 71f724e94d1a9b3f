import { defaultDestinationSettings, defaultTunnel, wholeAddress } from "../../model/defaults.js";
import type {
  DaemonState,
  DestinationKey,
  Family,
  ForwardingMethod,
  Protocol,
  SchedulerFlag,
  Timeouts,
  TunnelType,
} from "../../model/table.js";
import type { OptionGroup } from "./options.js";

/** Values collected from the options parsed so far. Order matters: some options read what earlier ones set. */
export interface OptionValues {
  /** A folder in place of /proc. */
  proc?: string;
  /** The option groups that were given. */
  readonly given: Set<OptionGroup>;
  family: Family;
  protocol?: Protocol;
  address: string;
  port: number;
  /** 0 while none is given. */
  fwmark: number;
  netmask: string | number;
  /** Empty while none is given. */
  scheduler: string;
  /** As typed. The scheduler decides what they mean, and it may come later. */
  schedulerFlagNames: string;
  schedulerFlags: readonly SchedulerFlag[];
  /** Seconds; 0 while not persistent. */
  timeout: number;
  engine: string;
  server: DestinationKey;
  forward: ForwardingMethod;
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
  tunnelType: TunnelType;
  tunnelPort: number;
  timeouts: Timeouts;
  daemonState: DaemonState;
  interface: string;
  syncId: number;
  syncMaxLength?: number;
  multicastGroup?: string;
  multicastPort?: number;
  multicastTtl?: number;
}

export function initialValues(): OptionValues {
  return {
    given: new Set(),
    family: "inet",
    address: "0.0.0.0",
    port: 0,
    fwmark: 0,
    netmask: wholeAddress("inet"),
    scheduler: "",
    schedulerFlagNames: "",
    schedulerFlags: [],
    timeout: 0,
    engine: "",
    server: { family: "inet", address: "0.0.0.0", port: 0 },
    forward: defaultDestinationSettings.forward,
    weight: defaultDestinationSettings.weight,
    upperThreshold: defaultDestinationSettings.upperThreshold,
    lowerThreshold: defaultDestinationSettings.lowerThreshold,
    tunnelType: defaultTunnel.type,
    tunnelPort: defaultTunnel.port,
    timeouts: { tcp: 0, tcpFin: 0, udp: 0 },
    daemonState: "master",
    interface: "",
    syncId: 0,
  };
}
