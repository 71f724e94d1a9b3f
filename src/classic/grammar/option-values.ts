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

/** What a command line has said so far. The order of options counts: some read what earlier ones have left here. */
export interface OptionValues {
  /** What is given, by option group. */
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
  /** As given; their meaning depends on the scheduler, which may come later. */
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
