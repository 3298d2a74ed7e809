// Sends a file with tus-js-client, as told in JSON, and prints what was answered.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [frontend, text] = process.argv.slice(2);
const tus = createRequire(`${frontend}/package.json`)("tus-js-client");
const { path, endpoint, headers, metadata, chunkSize, stopAfter } = JSON.parse(text);
const answers = [];

function send(uploadUrl) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(readFileSync(path), {
      endpoint, uploadUrl, headers, metadata, chunkSize, retryDelays: null,
      storeFingerprintForResuming: false,
      onAfterResponse(request, response) {
        answers.push([request.getMethod(), response.getStatus(), response.getHeader("Upload-Sha256") ?? ""]);
      },
      onChunkComplete(_size, accepted) {
        if (uploadUrl === undefined && stopAfter && accepted >= stopAfter) upload.abort().then(() => resolve(upload.url));
      },
      onSuccess: () => resolve(upload.url),
      onError: reject,
    });
    upload.start();
  });
}

try {
  const url = await send();
  if (stopAfter) await send(url);
  console.log(JSON.stringify(answers));
} catch (error) {
  console.log(JSON.stringify([["error", String(error), ""], ...answers]));
}
