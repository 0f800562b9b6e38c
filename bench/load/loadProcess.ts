// The process that makes the load, so that its CPU time is not the server's. Started by runLoad.ts, which it talks to over IPC.
import { drive, type LoadPlan } from './drive.ts'

process.once('message', async (plan: LoadPlan) => {
  try {
    process.send?.({ figures: await drive(plan) })
  } catch (error) {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) })
  }
  process.disconnect()
})
