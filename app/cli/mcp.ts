import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { fileStore } from '../../gateway/client/budget/fileStore.ts'
import { readAgentConfig } from '../agent/agentConfig.ts'
import { createAgent } from '../agent/agentServer.ts'
import { openWallets } from '../agent/agentWallets.ts'
import { packageVersion } from './packageVersion.ts'

/** Serves one MCP client over standard input and output, until it closes them. Throws `unsafe_configuration` before it says anything. */
export async function serveAgent({ config: file }: { config: string }): Promise<number> {
  const config = readAgentConfig(file, process.env)
  const { wallets, close } = openWallets(config.wallets)
  const newServer = createAgent({ config, wallets, store: fileStore(config.store), version: packageVersion() })
  const over = new Promise<void>((resolve) => process.stdin.once('end', resolve).once('close', resolve))
  // Standard output is the protocol's.
  const served = serveStdio(newServer, { onerror: (error) => console.error(`mcp: ${error.message}`) })
  await over
  await served.close()
  close()
  return 0
}
