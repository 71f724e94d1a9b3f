/**
 * The library, `import { Ipvs } from "ipvsadm"`: the same code as the program's. Addresses are canonical text, ports are
 * host-order numbers, times are seconds, counters are `bigint`.
 *
 * @module
 */
export { type Role, roles } from "./doctor/facts.js";
export { type Finding, type Severity, severities } from "./doctor/finding.js";
export type { DrainEvent, DrainHappening, DrainResult } from "./drain/drain-event.js";
export {
  type ConnectionsLeft,
  type DeadlineAction,
  type DrainCondition,
  deadlineActions,
  drainConditions,
} from "./drain/drain-wait.js";
export type { RampEvent, RampedServer, RampHappening, RampResult } from "./drain/ramp-event.js";
export { type RampCurve, rampCurves } from "./drain/ramp-steps.js";
export type { UndrainResult } from "./drain/undrain-servers.js";
export { UnfinishedError } from "./drain/unfinished-error.js";
export { explainRefusal } from "./explain/explain.js";
export { DocumentError } from "./format/json/document-error.js";
export { IpvsError, type IpvsErrorDetails, type Operation, operations } from "./ipvs/ipvs-error.js";
export { parseDocument, renderDocument } from "./library/desired-state.js";
export { type DiagnoseOptions, diagnose } from "./library/diagnose.js";
export {
  type DrainOptions,
  drain,
  type RampOptions,
  rampWeights,
  type ServerSelector,
  type UndrainOptions,
  undrain,
} from "./library/draining.js";
export { Ipvs } from "./library/ipvs.js";
export { type KnownTable, type KnownTableOptions, readKnownTable } from "./library/known-table.js";
export { type ExportMetricsOptions, exportMetrics } from "./library/metrics.js";
export type { ConnectionsOptions, OpenOptions, SampledWatchOptions, WatchOptions } from "./library/options.js";
export { listOverrides } from "./library/overrides.js";
export {
  type AppliedChanges,
  type ApplyOptions,
  applyState,
  type ChangeOptions,
  diffTable,
  type FieldValues,
  listUndo,
  type SetOptions,
  type SetTarget,
  setFields,
  undoChange,
} from "./library/table-changes.js";
export type * from "./model/change.js";
export {
  type ChangedObject,
  type Cost,
  type CostKind,
  costKinds,
  type PlannedChange,
  type Transition,
} from "./model/changes/plan.js";
export { type DrainOutcome, drainOutcomes, type RampOutcome, rampOutcomes } from "./model/changes/server-outcomes.js";
export type * from "./model/desired.js";
export type { ChangeInput } from "./model/input/change-input.js";
export type { ConnectionFilterInput, OneOrMore } from "./model/input/connection-filter-input.js";
export type { DaemonInput, DaemonKeyInput, TimeoutsInput } from "./model/input/daemon-input.js";
export type {
  DestinationInput,
  DestinationKeyInput,
  DestinationSettingsInput,
  TunnelInput,
} from "./model/input/destination-input.js";
export type {
  AddressServiceKeyInput,
  MarkServiceKeyInput,
  ServiceInput,
  ServiceKeyInput,
  ServiceSettingsInput,
} from "./model/input/service-input.js";
export type * from "./model/known-table.js";
export { type Override, type OverrideKind, overrideKinds } from "./model/override.js";
export type {
  ClientNetwork,
  ConnectionGroup,
  GroupValues,
  SeenService,
} from "./model/selection/connection-group.js";
export * from "./model/table.js";
export type {
  Added,
  Changed,
  ChangeEvent,
  Deleted,
  DestinationDiff,
  EventStamp,
  FieldChange,
  GapEvent,
  ObjectSample,
  SampleEvent,
  ServiceDiff,
  SettingChanges,
  SnapshotEvent,
  WatchEvent,
} from "./model/watch-event.js";
export { NetlinkError, type NetlinkErrorDetails } from "./netlink/codec/netlink-error.js";
export type { Refusal } from "./plan/apply.js";
export type { DeletionLimit } from "./plan/deletion-guard.js";
export type { PlanOptions } from "./plan/narrow.js";
export type { Step } from "./plan/steps.js";
export { SystemError } from "./platform/system-calls.js";
export { ProcError, ProcFormatError } from "./proc/proc-error.js";
export { ChangeError, HoldError, PlanError } from "./transaction/change-error.js";
export {
  type PlanDirection,
  type RefusalPolicy,
  type ReportProgress,
  refusalPolicies,
  type TransactionResult,
} from "./transaction/transaction.js";
export type { UndoEntry } from "./transaction/undo-store.js";
export { type SampleSubject, sampleSubjects } from "./watch/events/samples.js";
