/** What a watcher of the table reports. JSON lines are one rendering of it (docs/watch.md). */
import type {
  KnownDestination,
  KnownDestinationSettings,
  KnownEntry,
  KnownServiceSettings,
  Measured,
} from "./known-table.js";
import type { DestinationKey, Info, ServiceKey } from "./table.js";

/** Which event it is, and when. */
export interface EventStamp {
  /** Counts the events of one watcher, from 0. */
  readonly seq: number;
  /** When the reading that found it began: UTC, RFC 3339 with milliseconds. */
  readonly time: string;
}

/** The whole table: the event of the first reading that succeeds. */
export interface SnapshotEvent<Services extends Iterable<KnownEntry> = readonly KnownEntry[]> extends EventStamp {
  readonly event: "snapshot";
  readonly info: Info;
  /** Where the reading comes from; `proc` knows a part of the table only. */
  readonly source: "netlink" | "proc";
  readonly services: Services;
}

/** What a setting was and is; absent where there was nothing, is nothing, or it is not known. */
export interface FieldChange<T> {
  readonly old?: T;
  readonly new?: T;
}

/** The settings that changed; of what was added, all that are known. */
export type SettingChanges<Settings> = {
  readonly [K in keyof Settings]?: FieldChange<Required<Settings>[K]>;
};

/** An addition. */
export interface Added<Settings> {
  readonly event: "add";
  readonly changed: SettingChanges<Settings>;
  /** All settings that are known. */
  readonly after: Settings;
}

/** A change of settings. */
export interface Changed<Settings> {
  readonly event: "change";
  readonly changed: SettingChanges<Settings>;
  /** All settings that were known. */
  readonly before: Settings;
  /** All settings that are known now. */
  readonly after: Settings;
}

/** A deletion. */
export interface Deleted {
  readonly event: "delete";
}

/** What happened to a service. */
export type ServiceDiff = {
  readonly object: "service";
  readonly service: ServiceKey;
} & (Added<KnownServiceSettings> | Changed<KnownServiceSettings> | Deleted);

/** What happened to a destination of a service. */
export type DestinationDiff = {
  readonly object: "destination";
  readonly service: ServiceKey;
  readonly destination: DestinationKey;
} & (Added<KnownDestinationSettings> | Changed<KnownDestinationSettings> | Deleted);

/** What happened to one service or one destination. */
export type ChangeEvent = EventStamp & (ServiceDiff | DestinationDiff);

/** A reading failed: changes are unknown until the next event. Reported once per reason. */
export interface GapEvent extends EventStamp {
  readonly event: "gap";
  readonly error: string;
}

/** A snapshot whose entries can be iterated once, before the next event. */
export type PassingSnapshotEvent = SnapshotEvent<Iterable<KnownEntry>>;

/** A WatchEvent whose snapshot is a passing one. */
export type PassingEvent = PassingSnapshotEvent | ChangeEvent | GapEvent;

/** An event of a watcher. Applied in order, events turn the table of each reading into that of the next one. */
export type WatchEvent = SnapshotEvent | ChangeEvent | GapEvent;

/** What was counted for all services together, for one service, or for one destination; what is not known is absent. */
export type ObjectSample = Measured &
  (
    | { readonly object: "director" }
    | { readonly object: "service"; readonly service: ServiceKey }
    | ({
        readonly object: "destination";
        readonly service: ServiceKey;
        readonly destination: DestinationKey;
      } & Pick<KnownDestination, "activeConnections" | "inactiveConnections" | "persistentConnections">)
  );

/** A sample. A watcher with samples reports one per object and reading. */
export type SampleEvent = EventStamp & { readonly event: "sample" } & ObjectSample;
