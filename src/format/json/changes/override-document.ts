/** The weights that are held, as a document: what is kept of them, and what `ipvsadm overrides --json` prints. */
import { largestInteger } from "../../../model/limits.js";
import { type Override, overrideKinds } from "../../../model/override.js";
import { headerKind } from "../document.js";
import type { Style } from "../json-style.js";
import { flag, integer, listOf, oneOf, unicode } from "../kinds.js";
import { object, optional, required } from "../objects.js";
import { parseJsonBytes } from "../parse-json.js";
import { renderObject } from "../render-json.js";
import { destinationSubject, serviceKeyKind } from "./change-kinds.js";

const weight = integer(0, largestInteger);

export const overrideKind = object("an override", {
  service: required(serviceKeyKind, "The service that has the server."),
  destination: required(destinationSubject.destination.kind, "The server."),
  weight: required(weight, "The weight that is held."),
  kind: required(
    oneOf(...overrideKinds),
    "`drain`: the server is taken out; `ramp`: its weight is changing step by step; `hold`: somebody requested it.",
  ),
  since: required(unicode("a time"), "Since when: UTC, RFC 3339 with milliseconds."),
  reason: optional(unicode("text"), "Why, in the words of whoever holds it."),
  previousWeight: required(weight, "The weight that undrain gives back."),
  addedFallback: optional(flag, "The service was given its scheduler's fallback flag, which undrain takes away."),
} satisfies Record<keyof Override, unknown>);

export const overridesKind = object("the overrides", {
  ipvs: required(headerKind, "What the document is."),
  overrides: required(listOf(overrideKind), "The weights that are held."),
});

/** The overrides as JSON text in pieces. */
export function renderOverrides(overrides: readonly Override[], style: Style): Generator<string> {
  return renderObject(
    [
      ["ipvs", headerKind.write({}, false)],
      ["overrides", overrides.map((override) => overrideKind.write(override, false))],
    ],
    style,
  );
}

/** Reads them and checks them whole. Throws a DocumentError for the first fault. */
export function parseOverrides(bytes: Uint8Array): readonly Override[] {
  return overridesKind.read(parseJsonBytes(bytes), "").overrides;
}
