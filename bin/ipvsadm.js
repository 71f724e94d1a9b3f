#!/usr/bin/env node
require("../dist/entry/node.cjs").main("ipvsadm");
