// A model server for tests: answers its version and the request's body, and does what the body asks for.
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';

const model = JSON.parse(readFileSync('/opt/ml/model/model.json'));
while (model.waitsFor && !existsSync(model.waitsFor)) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
if (model.broken) {
  console.error('the model can not be loaded');
  process.exit(3);
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString();
    if (request.url === '/ping') {
      response.end();
    } else if (body === 'end' || model.endsAtRequests) {
      process.exit(4);
    } else if (body === 'wrong') {
      response.writeHead(415, { 'content-type': 'text/plain' }).end('row 1, column age: wrong');
    } else if (body === 'pid') {
      response.end(`${process.pid}`);
    } else {
      const attributes = request.headers['x-amzn-sagemaker-custom-attributes'];
      response.writeHead(200, { 'content-type': request.headers.accept ?? 'text/plain', ...(attributes && { 'x-amzn-sagemaker-custom-attributes': attributes }) });
      response.end(`${model.version}:${body}`);
    }
  });
});
process.on('SIGTERM', () => server.close(() => process.exit(0)));
server.listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1', () => console.log(`version ${model.version} listens`));
