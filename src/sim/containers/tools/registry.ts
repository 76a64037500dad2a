import type { Program } from '../kernel/types.ts'
import { awkTools } from './awk.ts'
import { catTools } from './cat.ts'
import { changeTools } from './change.ts'
import { columnTools } from './columns.ts'
import { compareTools } from './compare.ts'
import { digestTools } from './digest.ts'
import { copyTools } from './copy.ts'
import { dumpTools } from './dump.ts'
import { echoTools } from './echo.ts'
import { exprTools } from './expr.ts'
import { findTools } from './find.ts'
import { getentTools } from './getent.ts'
import { grepTools } from './grep.ts'
import { listTools } from './list.ts'
import { machineTools } from './machine.ts'
import { curlTools } from './curl.ts'
import { httpdTools } from './httpd.ts'
import { endTools } from './head-tail.ts'
import { interfaceTools } from './interfaces.ts'
import { ncTools } from './nc.ts'
import { nameTools } from './names.ts'
import { wgetTools } from './wget.ts'
import { permissionTools } from './permissions.ts'
import { processTools } from './processes.ts'
import { runTools } from './run.ts'
import { sedTools } from './sed.ts'
import { socketTools } from './sockets.ts'
import { sortTools } from './sort.ts'
import { gzipTools } from './gzip.ts'
import { tarTools } from './tar.ts'
import { splitTools } from './split.ts'
import { viewTools } from './view.ts'
import { testTools } from './test-command.ts'

const list = [
  awkTools,
  catTools,
  changeTools,
  copyTools,
  endTools,
  permissionTools,
  columnTools,
  compareTools,
  digestTools,
  dumpTools,
  echoTools,
  exprTools,
  findTools,
  getentTools,
  grepTools,
  listTools,
  machineTools,
  curlTools,
  httpdTools,
  interfaceTools,
  ncTools,
  nameTools,
  wgetTools,
  processTools,
  runTools,
  sedTools,
  socketTools,
  sortTools,
  gzipTools,
  tarTools,
  splitTools,
  viewTools,
  testTools,
].flat()

/** All tools by name. */
export const tools: Readonly<Record<string, Program>> = Object.fromEntries(
  list.map((program) => [program.name, program]),
)
