// The panel that a page has on a local network: each button asks the gateway to have it happen, and the page then shows what came of it.
const { intent } = document.querySelector('main').dataset
const played = document.querySelector('#played')
const buttons = [...document.querySelectorAll('.test button')]

for (const button of buttons) {
  button.addEventListener('click', async () => {
    for (const one of buttons) one.disabled = true
    played.textContent = 'It happens...'
    const body = JSON.stringify({ play: button.dataset.play })
    try {
      const answer = await fetch(`/pay/${intent}/test`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      if (answer.ok) return location.reload()
      played.textContent = (await answer.json()).detail
    } catch {
      played.textContent = 'The gateway does not answer.'
    }
    for (const one of buttons) one.disabled = false
  })
}
