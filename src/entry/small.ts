/** The programs as the small executable, whose engine is QuickJS. The name it is called by decides which program it is. */
import * as host from "host";
import { exitStatus } from "../cli/exit-status.js";
import { isVerb } from "../commands/registry.js";
import type { Platform } from "../host/platform.js";
import { quickjsHosts, quickjsServices } from "../names/quickjs-hosts.js";
import { openSocket } from "../netlink/socket/quickjs-socket.js";
import { commandLineArgs, commandName } from "../platform/process.js";
import { enterNetworkNamespace, fileHasBytes, quickjsSystemCalls } from "../platform/quickjs/calls.js";
import { isBigWork, type WorkSize } from "./big-work.js";
import { programCalled, runProgram } from "./program.js";

const smallPlatform: Platform = {
  calls: quickjsSystemCalls,
  openSocket,
  loadHosts: async () => quickjsHosts,
  enterNetworkNamespace,
  loadFlock: () => Promise.reject(new Error("only verbs lock files")),
  services: quickjsServices,
};

const workSize: WorkSize = { hasInput: host.hasInput, hasBytes: fileHasBytes };

/** Hands a verb and big work on to the full executable, if that is there, and otherwise runs the program. */
function startSmall(): void {
  const name = commandName(quickjsSystemCalls);
  const program = programCalled(name);
  const args = commandLineArgs(quickjsSystemCalls);
  if ((program === "ipvsadm" && isVerb(args[0])) || isBigWork(program, args, workSize)) host.becomeFull();
  void runProgram(program, name, smallPlatform, async ([verb], { stderr }) => {
    const obstacle = host.obstacleToFull();
    stderr.write(`ipvsadm ${verb}: ${obstacle ? `verbs need what this process lacks: ${obstacle}` : missing}\n`);
    return exitStatus.unreachable;
  });
}

const missing = "not installed: the verbs of ipvsadm are in the package ipvsadm-ts-tools";

host.setStart(startSmall);
