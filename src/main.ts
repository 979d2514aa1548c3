/** The composition root: `qjs kedge.js COMMAND`, started by kedged, as daemon or command line. */
import { EXIT } from './cli/exit.ts';
import { runCommand } from './cli/run.ts';
import { HelperChannel } from './host/channel.ts';
import { requestControl } from './host/control-socket.ts';
import { makeDirectory, readOctets, readText, writeText } from './host/file.ts';
import { Helper } from './host/helper.ts';
import { commandLine, exit, print, printError, readLine, terminalColumns } from './host/process.ts';
import { randomOctets } from './host/random.ts';

declare const KEDGE_VERSION: string;

/** Octets of a capture file that is read. */
const LARGEST_CAPTURE = 256 * 1024 * 1024;

const helper = new Helper(new HelperChannel());
helper.onEnd = () => exit(EXIT.failure);
const columns = terminalColumns();
runCommand(commandLine(), {
  version: KEDGE_VERSION,
  isTerminal: columns !== undefined,
  width: columns ?? 80,
  print: line => print(`${line}\n`),
  printError: line => printError(`${line}\n`),
  readFile: path => {
    const text = readText(path);
    return text.ok ? text.value : undefined;
  },
  readOctets: path => {
    const octets = readOctets(path, LARGEST_CAPTURE);
    return octets.ok ? octets.value : octets.reason;
  },
  writeFile: (path, text) => {
    makeDirectory(path.slice(0, path.lastIndexOf('/')));
    const written = writeText(path, text, 0o640);
    return written.ok ? undefined : written.reason;
  },
  readLine,
  random: randomOctets,
  request: (runDirectory, request, onLine) =>
    requestControl(helper, `${runDirectory}/control`, request, onLine),
  daemon: async ({ config, runDirectory, stateDirectory }) => {
    const { runDaemon } = await import('./daemon/run.ts');
    return runDaemon({ version: KEDGE_VERSION, file: config, runDirectory, stateDirectory }, helper);
  },
}).then(exit, error => {
  printError(`kedge: ${error}\n`);
  exit(EXIT.failure);
});
