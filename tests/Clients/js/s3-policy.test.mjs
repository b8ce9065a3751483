import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input = {}) => client.send(new s3[name + "Command"]({ Bucket, ...input }));
const Bucket = "policies";
const arn = `arn:aws:s3:::${Bucket}`;

const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`], Condition: { Bool: { "aws:SecureTransport": "false" } } };
const policy = (...statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const put = (text) => send("PutBucketPolicy", { Policy: text });

before(async () => {
  await send("CreateBucket");
});

test("a policy comes back byte for byte", async () => {
  await assert.rejects(send("GetBucketPolicy"), { name: "NoSuchBucketPolicy" });
  await assert.rejects(send("GetBucketPolicyStatus"), { name: "NoSuchBucketPolicy" });
  const text = `{ "Statement":  ${JSON.stringify(statement)},\n "Version": "2012-10-17", "Id": "ü" }`;
  await put(text);
  assert.equal((await send("GetBucketPolicy")).Policy, text);
  assert.equal((await send("GetBucketPolicyStatus")).PolicyStatus.IsPublic, false);
  await send("PutObject", { Key: "k", Body: "no policy refuses this" });
  await send("DeleteObject", { Key: "k" });
  await send("DeleteBucketPolicy");
  await send("DeleteBucketPolicy");
  await assert.rejects(send("GetBucketPolicy"), { name: "NoSuchBucketPolicy" });
});

test("a policy that S3 would refuse is refused in its words", async () => {
  const account = { AWS: "000000000000" };
  const refused = {
    "first byte must be '{'": ["", "[]", "{", '{"Statement":}'],
    "half a surrogate pair": ['{"Id":"\\ud800"}', '{"\\udc00":1}'],
    "Missing required field Statement": ["{}"],
    "Unknown field Statements": ['{"Statements":[]}'],
    "valid version string": ['{"Version":"2020-01-01","Statement":[]}'],
    "Statement is empty": [policy()],
    "Invalid effect": [policy({ ...statement, Effect: "Maybe" })],
    "Missing required field Principal": [policy({ ...statement, Principal: undefined })],
    "Missing required field Action": [policy({ ...statement, Action: undefined })],
    "Missing required field Resource": [policy({ ...statement, Resource: undefined })],
    "Invalid principal in policy": [{ AWS: "someone" }, { AWS: ["000000000000", "1"] }, { Nobody: "*" }, "000000000000", { Service: "x.example.com" }, { AWS: "arn:aws:iam::1:root" }].map((Principal) => policy({ ...statement, Principal })),
    "Policy has invalid action": [policy({ ...statement, Action: "ec2:RunInstances" })],
    "Policy has invalid resource": [policy({ ...statement, Resource: "arn:aws:s3:::other/*" }), policy({ ...statement, Resource: Bucket })],
    "Action does not apply to any resource": [policy({ ...statement, Action: "s3:GetObject", Resource: arn }), policy({ ...statement, Action: ["s3:ListBucket"], Resource: `${arn}/*` })],
    "Invalid Condition type : Sometimes": [policy({ ...statement, Condition: { Sometimes: { a: "b" } } })],
    "has both": [policy({ ...statement, NotAction: "s3:*" }), policy({ ...statement, NotPrincipal: account })],
    "maximum allowed document size": [policy({ ...statement, Sid: "x".repeat(20 * 1024) })],
  };
  for (const [message, texts] of Object.entries(refused)) {
    for (const text of texts) {
      await assert.rejects(put(text), (e) => e.name === "MalformedPolicy" && e.message.includes(message), `${message}: ${text}`);
    }
  }
  await assert.rejects(send("GetBucketPolicy"), { name: "NoSuchBucketPolicy" });
});

test("a policy that makes a bucket public is told as S3 tells it, and blocked where that is asked for", async () => {
  const allow = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${arn}/*` };
  const open = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true };
  await assert.rejects(put(policy(allow)), (e) => e.name === "AccessDenied" && e.message.includes("BlockPublicPolicy"));
  await send("PutPublicAccessBlock", { PublicAccessBlockConfiguration: open });
  const judged = [
    [allow, true],
    [{ ...allow, Principal: { AWS: "*" } }, true],
    [{ ...allow, Principal: { AWS: ["arn:aws:iam::000000000000:role/r", "000000000000"], Service: "logging.s3.amazonaws.com" } }, false],
    [{ ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }, false],
    [{ ...allow, Condition: { StringLike: { "aws:SourceArn": "arn:aws:s3:::*" } } }, true],
    [{ ...allow, Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } }, true],
    [{ ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, false],
    [{ ...allow, Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"] } } }, true],
  ];
  for (const [one, isPublic] of judged) {
    await put(policy(statement, one));
    assert.equal((await send("GetBucketPolicyStatus")).PolicyStatus.IsPublic, isPublic, JSON.stringify(one));
  }
  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}/${Bucket}/k`, { headers: { host: `${Bucket}.s3.localhost` } });
  assert.notEqual(answer.status, 200);
});
