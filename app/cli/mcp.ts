import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createAgent } from '../agent/agentServer.ts'
import { openAgentPurse } from '../purse/purse.ts'
import { packageVersion } from './packageVersion.ts'

/** Serves one MCP client over standard input and output, until it closes them. Throws `unsafe_configuration` before it says anything. */
export async function serveAgent({ config: file }: { config: string }): Promise<number> {
  const purse = openAgentPurse(file, process.env)
  const newServer = createAgent({ purse, version: packageVersion() })
  const over = new Promise<void>((resolve) => process.stdin.once('end', resolve).once('close', resolve))
  // Standard output is the protocol's.
  const served = serveStdio(newServer, { onerror: (error) => console.error(`mcp: ${error.message}`) })
  await over
  await served.close()
  purse.close()
  return 0
}
