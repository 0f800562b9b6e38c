// `npm run deploy`: see docs/deploy.md.
import { createInterface } from 'node:readline/promises'
import { deployCommand } from './command.ts'
import { checkFreshBuild } from './freshBuild.ts'

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question(question)).trim() === 'yes'
  } finally {
    terminal.close()
  }
}

process.exitCode = await deployCommand(process.argv.slice(2), {
  env: process.env,
  print: (line) => console.log(line),
  checkBuild: checkFreshBuild,
  ...(process.stdin.isTTY && process.stdout.isTTY ? { confirm } : {}),
})
