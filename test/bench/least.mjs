// least.mjs: the least that an executable made by Bun can do for `ipvsadm -Ln`. It asks the kernel for the family IPVS, runs
// modprobe(8) and asks again where there is none, and says so where that did not help. What our executable takes
// beyond this is ours.

import { dlopen } from "bun:ffi";
import { spawnSync } from "bun";

const { symbols: libc } = dlopen("libc.so.6", {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i64_fast" },
  recv: { args: ["i32", "ptr", "u64", "i32"], returns: "i64_fast" },
  write: { args: ["i32", "ptr", "u64"], returns: "i64_fast" },
});

const [AF_NETLINK, SOCK_RAW, NETLINK_GENERIC, NLMSG_ERROR] = [16, 3, 16, 2];
// CTRL_CMD_GETFAMILY of the controller (16) with CTRL_ATTR_FAMILY_NAME (2), to be acknowledged.
const question = Uint8Array.of(
  ...[32, 0, 0, 0, 16, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  ...[3, 1, 0, 0, 9, 0, 2, 0, 73, 80, 86, 83, 0, 0, 0, 0],
);

function hasFamily() {
  const socket = libc.socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
  const answer = new Uint8Array(4096);
  libc.send(socket, question, question.length, 0);
  libc.recv(socket, answer, answer.length, 0);
  return answer[4] !== NLMSG_ERROR;
}

function findFamily() {
  if (hasFamily()) return true;
  spawnSync(["/sbin/modprobe", "--", "ip_vs"], { stdin: "inherit", stdout: "inherit", stderr: "inherit" });
  return hasFamily();
}

if (findFamily()) process.exit(0);
const complaint = new TextEncoder().encode("Can't initialize ipvs\n");
libc.write(2, complaint, complaint.length);
process.exit(2);
