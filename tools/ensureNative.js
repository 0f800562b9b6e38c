// Root postinstall. npm under a Node older than 22 silently leaves out optional packages whose `engines` want a newer Node; Hardhat's
// native half is one of them, and without it nothing on the chain side starts. `node` on the path of this script is already 24, so the
// same npm is run once more under it when the package does not load. The lock file stays as it is.
import { spawnSync } from 'node:child_process'

// A fresh process each time: a failed look-up is remembered inside the one that made it.
function loads() {
  return spawnSync(process.execPath, ['-e', "require('@nomicfoundation/edr')"], { stdio: 'ignore' }).status === 0
}

if (!loads() && process.env.npm_execpath && process.env.SWITCHYARD_NATIVE !== 'tried') {
  console.log("switchyard: this npm ran under an older Node and left out the chain's native package; installing it under Node 24")
  const run = spawnSync(
    process.execPath,
    [process.env.npm_execpath, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SWITCHYARD_NATIVE: 'tried' },
    },
  )
  if (run.status !== 0 || !loads()) {
    console.error('switchyard: @nomicfoundation/edr does not load on this platform; the local chain and the Solidity tests need it')
  }
}
