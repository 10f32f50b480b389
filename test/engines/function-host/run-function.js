// One execution environment of a function: loads the bundle as Lambda would and handles one event at a time.
const { handler } = require(process.argv[2]);

process.on('message', ({ event, requestId, deadline }) => {
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - Date.now() };
  Promise.resolve()
    .then(() => handler(event, context))
    .then((result) => process.send({ result }), (error) => process.send({ error: String(error?.stack ?? error) }));
});
// Whoever started this is gone.
process.on('disconnect', () => process.exit(0));
