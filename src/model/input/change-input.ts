import type { Change } from "../change.js";
import { defaultDestinationSettings, defaultServiceSettings } from "../defaults.js";
import type { Destination, Service, ServiceKey } from "../table.js";
import { checkObject } from "./check-value.js";
import {
  completeDaemon,
  completeDaemonKey,
  completeTimeouts,
  type DaemonInput,
  type DaemonKeyInput,
  type TimeoutsInput,
} from "./daemon-input.js";
import {
  completeDestination,
  completeDestinationKey,
  type DestinationInput,
  type DestinationKeyInput,
} from "./destination-input.js";
import { completeService, completeServiceKey, type ServiceInput, type ServiceKeyInput } from "./service-input.js";

/**
 * One change of the kernel's table, for Ipvs.change. An addition may leave out what has a default. An edit replaces all
 * settings, so it must have all of them. Every Change is a ChangeInput.
 */
export type ChangeInput =
  | { readonly command: "add-service"; readonly service: ServiceInput }
  | { readonly command: "edit-service"; readonly service: Service }
  | { readonly command: "delete-service"; readonly service: ServiceKeyInput }
  | {
      readonly command: "add-destination";
      readonly service: ServiceKeyInput;
      readonly destination: DestinationInput;
    }
  | { readonly command: "edit-destination"; readonly service: ServiceKeyInput; readonly destination: Destination }
  | {
      readonly command: "delete-destination";
      readonly service: ServiceKeyInput;
      readonly destination: DestinationKeyInput;
    }
  | { readonly command: "flush" }
  | { readonly command: "zero"; readonly service: ServiceKeyInput | "all" }
  | { readonly command: "set-timeouts"; readonly timeouts: TimeoutsInput }
  | { readonly command: "start-daemon"; readonly daemon: DaemonInput }
  | ({ readonly command: "stop-daemon" } & DaemonKeyInput);

/** The change with defaults for what is left out. Throws a TypeError or a RangeError that names the field, after `prefix`. */
export function completeChange(change: ChangeInput, prefix = ""): Change {
  checkObject(change, prefix.replace(/\.$/, "") || "change");
  const { command } = change;
  switch (command) {
    case "add-service":
    case "edit-service": {
      const path = `${prefix}service`;
      if (command === "edit-service") checkWhole(change.service, path, serviceSettingNames);
      return { command, service: completeService(change.service, path) };
    }
    case "delete-service":
      return { command, service: completeServiceKey(change.service, `${prefix}service`) };
    case "add-destination":
    case "edit-destination": {
      const path = `${prefix}destination`;
      const service = completeServiceKey(change.service, `${prefix}service`);
      if (command === "edit-destination") checkWhole(change.destination, path, destinationSettingNames);
      return { command, service, destination: completeDestination(service, change.destination, path) };
    }
    case "delete-destination": {
      const service = completeServiceKey(change.service, `${prefix}service`);
      const destination = completeDestinationKey(service, change.destination, `${prefix}destination`);
      return { command, service, destination };
    }
    case "flush":
      return { command };
    case "zero":
      return { command, service: completeServices(change.service, `${prefix}service`) };
    case "set-timeouts":
      return { command, timeouts: completeTimeouts(change.timeouts, `${prefix}timeouts`) };
    case "start-daemon":
      return { command, daemon: completeDaemon(change.daemon, `${prefix}daemon`) };
    case "stop-daemon":
      return { command, ...completeDaemonKey(change, prefix) };
    default:
      throw new RangeError(`${prefix}command is unknown: ${JSON.stringify(command satisfies never)}`);
  }
}

/** All counters are zeroed only for an explicit "all": a service may be undefined by mistake. */
function completeServices(service: ServiceKeyInput | "all", path: string): ServiceKey | "all" {
  if (service === undefined) throw new TypeError(`${path} must be a service or "all", not undefined`);
  return service === "all" ? service : completeServiceKey(service, path);
}

const serviceSettingNames = settingNames({ ...defaultServiceSettings, netmask: "" });
const destinationSettingNames = settingNames(defaultDestinationSettings);

function settingNames<T extends object>(value: T): readonly (keyof T)[] {
  return Object.keys(value) as (keyof T)[];
}

/** An edit replaces every setting, so a default for a missing one would be a change that nobody requested. */
function checkWhole<T extends object>(value: T, path: string, names: readonly (keyof T & string)[]): void {
  checkObject(value, path);
  const missing = names.find((name) => value[name] === undefined);
  if (missing !== undefined) throw new TypeError(`${path}.${missing} is missing, and an edit replaces every setting`);
}
