import { AttributeSet } from "./codec/attribute-set.js";
import { string, u16 } from "./codec/coders.js";
import { decodeGeneric, encodeGeneric } from "./codec/generic.js";
import { malformed } from "./codec/netlink-error.js";
import type { NetlinkConnection } from "./connection.js";

/** The message type of nlctrl, the family that lists the others. */
export const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_VERSION = 1;
export const control = new AttributeSet({ familyId: [1, u16], familyName: [2, string] });

/** The message type of a generic netlink family. Rejects with ENOENT where the kernel does not have it. */
export async function resolveFamily(connection: NetlinkConnection, name: string): Promise<number> {
  const request = encodeGeneric(CTRL_CMD_GETFAMILY, CTRL_VERSION, control, { familyName: name });
  const [reply] = await connection.request(GENL_ID_CTRL, request);
  const id = reply && decodeGeneric(control, reply).familyId;
  if (id === undefined) throw malformed("a family without an id");
  return id;
}
