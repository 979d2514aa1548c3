import * as os from 'os';
import * as std from 'std';
import { runBench } from './body.ts';

std.out.puts(JSON.stringify(runBench(() => os.now())));
