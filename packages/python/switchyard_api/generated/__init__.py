# Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.
