/** The command line: from the arguments to the exit status. Only the code of the command at hand is loaded. */
import { parseArguments } from './arguments.ts';
import { EXIT } from './exit.ts';
import { type CommandHost, fail } from './host.ts';
import { colourScreen, plainScreen } from './layout.ts';
import { optionalPart } from './optional-part.ts';

const NO_PEERS = "'pair NAME' is for the anchor: on OpenWrt it is in the package kedge-anchor";
const NO_DECODER = "'decode' is not installed: on OpenWrt it is the package kedge-decode";

/** Runs one command and returns the exit status. Never rejects because of what the user or the daemon said. */
export async function runCommand(argv: readonly string[], host: CommandHost): Promise<number> {
  const parsed = parseArguments(argv);
  if (!parsed.ok) {
    fail(parsed.problem, host);
    host.printError("Try 'kedge help'.");
    return EXIT.usage;
  }
  const { invocation } = parsed;
  const { command } = invocation;
  const screen = host.isTerminal ? colourScreen(host.width) : plainScreen(host.width);
  switch (command.name) {
    case 'help':
      host.print((await import('./usage.ts')).USAGE.trimEnd());
      return EXIT.success;
    case 'version':
      host.print(`kedge ${host.version}`);
      return EXIT.success;
    case 'daemon':
      return host.daemon(invocation);
    case 'check': {
      const { check } = await import('./check.ts');
      return check(command.file ?? invocation.config, host);
    }
    case 'pair': {
      if (command.act === 'accept') return (await import('./pair.ts')).accept(invocation.config, host);
      const peers = await optionalPart(import('./pair-peer.ts'));
      if (peers === undefined) return fail(NO_PEERS, host);
      return peers.pairPeer(command, invocation.config, host);
    }
    case 'decode': {
      const decoder = await optionalPart(import('./decode.ts'));
      if (decoder === undefined) return fail(NO_DECODER, host);
      return decoder.decodeIn(command, invocation.config, screen, host);
    }
    default: {
      const { converse } = await import('./conversation.ts');
      return converse(command, invocation, screen, host);
    }
  }
}
