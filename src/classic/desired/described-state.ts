import { DocumentError } from "../../format/json/document-error.js";
import type { DesiredState } from "../../model/desired.js";
import { serviceIdentity } from "../../model/identity.js";
import { findDesiredFaults } from "../../model/input/desired-faults.js";
import type { Daemon, Destination, Service, ServiceKey, Timeouts } from "../../model/table.js";
import type { Invocation } from "../grammar/invocation.js";

/** A part of a state, and the number of the line that describes it. */
type OnLine<T> = T & { readonly line: number };

interface DescribedService {
  readonly service: Service;
  readonly destinations: Destination[];
  /** The line of each destination. */
  readonly lines: number[];
}

/** Mistakes that are shown. A file of another kind has one on every line. */
const mostMistakes = 100;

/** The state that lines describe, and what is wrong with them. */
export class DescribedState {
  readonly #services: OnLine<DescribedService>[] = [];
  readonly #byIdentity = new Map<string, DescribedService>();
  readonly #daemons: OnLine<{ readonly daemon: Daemon }>[] = [];
  #timeouts: OnLine<{ readonly timeouts: Timeouts }> | undefined;
  readonly #mistakes: OnLine<{ readonly text: string }>[] = [];
  /** Whether the line of a service was wrong. The servers of an unknown service may then be right. */
  #hasUnknownService = false;
  /** Lines of one service's servers follow each other, with one key. */
  #lastKey: ServiceKey | undefined;
  #lastService: DescribedService | undefined;

  /** Adds what a line describes. */
  add(invocation: Invocation, line: number): void {
    switch (invocation.command) {
      case "add-service":
        this.#addService(invocation.service, line);
        break;
      case "add-destination":
        this.#addDestination(invocation.service, invocation.destination, line);
        break;
      case "set-timeouts":
        if (this.#timeouts) this.reject(line, `the timeouts are already ${nameLine(this.#timeouts.line)}`);
        else this.#timeouts = { timeouts: invocation.timeouts, line };
        break;
      case "start-daemon":
        this.#daemons.push({ daemon: invocation.daemon, line });
        break;
      default:
        throw new Error(`${invocation.command} describes no state`);
    }
  }

  /** Notes that a line is wrong. `isService`: it is the line of a service. */
  reject(line: number, text: string, isService = false): void {
    this.#mistakes.push({ line, text });
    this.#hasUnknownService ||= isService;
  }

  /** The state. Throws a DocumentError with every mistake, in the order of the lines. */
  finish(): DesiredState {
    const state = this.#state();
    for (const { path, fault } of findDesiredFaults(state, (path) => nameLine(this.#locate(path).line))) {
      const { line, field } = this.#locate(path);
      this.reject(line, field === "" ? fault : `${field}: ${fault}`);
    }
    if (this.#mistakes.length > 0) throw new DocumentError(renderMistakes(this.#mistakes));
    return state;
  }

  #state(): DesiredState {
    return {
      ...(this.#services.length > 0 && {
        services: this.#services.map(({ service, destinations }) => ({ service, destinations })),
      }),
      ...(this.#timeouts && { timeouts: this.#timeouts.timeouts }),
      ...(this.#daemons.length > 0 && { daemons: this.#daemons.map(({ daemon }) => daemon) }),
    };
  }

  #addService(service: Service, line: number): void {
    const described = { service, destinations: [], lines: [], line };
    this.#services.push(described);
    this.#byIdentity.set(serviceIdentity(service), described);
    this.#lastKey = undefined;
  }

  #addDestination(key: ServiceKey, destination: Destination, line: number): void {
    if (key !== this.#lastKey) this.#lastService = this.#byIdentity.get(serviceIdentity(key));
    this.#lastKey = key;
    if (this.#lastService !== undefined) {
      this.#lastService.destinations.push(destination);
      this.#lastService.lines.push(line);
    } else if (!this.#hasUnknownService) {
      this.reject(line, `no line before adds the service ${serviceIdentity(key)}`);
    }
  }

  /** The line of a path, and what the path names of it. */
  #locate(path: string): { readonly line: number; readonly field: string } {
    const [, list, index, , position, field = ""] =
      /^(services|daemons)\[(\d+)\](\.destinations\[(\d+)\])?\.?(.*)$/.exec(path) ?? [];
    const described = (list === "daemons" ? this.#daemons : this.#services)[Number(index)];
    const lines = described !== undefined && "lines" in described ? described.lines : [];
    return { line: (position === undefined ? undefined : lines[Number(position)]) ?? described?.line ?? 0, field };
  }
}

function nameLine(line: number): string {
  return `on line ${line}`;
}

function renderMistakes(mistakes: readonly OnLine<{ readonly text: string }>[]): string {
  const shown = mistakes.toSorted((one, other) => one.line - other.line).slice(0, mostMistakes);
  const lines = shown.map(({ line, text }) => `line ${line}: ${text}`);
  const more = mistakes.length - shown.length;
  return [...lines, ...(more > 0 ? [`and ${more} more mistake${more === 1 ? "" : "s"}`] : [])].join("\n");
}
