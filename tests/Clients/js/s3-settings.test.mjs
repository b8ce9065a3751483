import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input = {}) => client.send(new s3[name + "Command"]({ Bucket, ...input }));
const given = async (name) => {
  const { $metadata, ...output } = await send(name);
  return output;
};
const Bucket = "settings";

before(async () => {
  await send("CreateBucket");
});

// each: the operations' noun, S3's error where there is none (or what a new bucket has), a document, and what must not be
const settings = {
  BucketEncryption: {
    initial: { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }] } },
    document: { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/x" }, BucketKeyEnabled: true }] } },
    refused: [
      [{ ServerSideEncryptionConfiguration: { Rules: [] } }, "MalformedXML", "needs Rule"],
      [{ ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "ROT13" } }] } }, "MalformedXML", "SSEAlgorithm is 'ROT13'"],
      [{ ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256", KMSMasterKeyID: "x" } }] } }, "InvalidArgument", "not applicable"],
    ],
    afterDelete: "initial",
  },
  PublicAccessBlock: {
    initial: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true } },
    document: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false, BlockPublicPolicy: true, RestrictPublicBuckets: false } },
    afterDelete: "NoSuchPublicAccessBlockConfiguration",
  },
  BucketOwnershipControls: {
    initial: { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } },
    document: { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } },
    refused: [
      [{ OwnershipControls: { Rules: [{ ObjectOwnership: "Nobody" }] } }, "MalformedXML", "ObjectOwnership is 'Nobody'"],
      [{ OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } }, "NotImplemented", "ObjectWriter"],
    ],
    afterDelete: "OwnershipControlsNotFoundError",
  },
  BucketTagging: {
    missing: "NoSuchTagSet",
    document: { TagSet: [{ Key: "project", Value: "ad clicks: 1/2" }, { Key: "empty", Value: "" }] },
    input: (document) => ({ Tagging: document }),
    refused: [
      [{ TagSet: [{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }] }, "InvalidTag", "same key"],
      [{ TagSet: [{ Key: "aws:a", Value: "1" }] }, "InvalidTag", "System tags"],
      [{ TagSet: [{ Key: "a,b", Value: "1" }] }, "InvalidTag", "TagKey"],
      [{ TagSet: [{ Key: "a", Value: "1,2" }] }, "InvalidTag", "TagValue"],
      [{ TagSet: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: "" })) }, "BadRequest", "50"],
    ],
  },
  BucketLogging: {
    initial: {},
    document: { LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: "log/", TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: "EventTime" } } } },
    input: (document) => ({ BucketLoggingStatus: document }),
    refused: [[{ LoggingEnabled: { TargetBucket: "nowhere", TargetPrefix: "" } }, "InvalidTargetBucketForLogging", "does not exist"]],
    canDelete: false,
  },
  BucketWebsite: {
    missing: "NoSuchWebsiteConfiguration",
    document: {
      ErrorDocument: { Key: "404.html" },
      IndexDocument: { Suffix: "index.html" },
      RoutingRules: [{ Condition: { KeyPrefixEquals: "old/" }, Redirect: { ReplaceKeyPrefixWith: "new/", HttpRedirectCode: "302", Protocol: "https" } }],
    },
    input: (document) => ({ WebsiteConfiguration: document }),
    refused: [
      [{ IndexDocument: { Suffix: "a/b" } }, "InvalidArgument", "not well formed"],
      [{ ErrorDocument: { Key: "x" } }, "InvalidArgument", "IndexDocument Suffix must be provided"],
      [{ IndexDocument: { Suffix: "x" }, RedirectAllRequestsTo: { HostName: "h" } }, "InvalidArgument", "in conjunction"],
      [{ IndexDocument: { Suffix: "x" }, RoutingRules: [{ Redirect: { ReplaceKeyWith: "a", ReplaceKeyPrefixWith: "b" } }] }, "InvalidRequest", "not both"],
      [{ RedirectAllRequestsTo: { HostName: "h", Protocol: "ftp" } }, "InvalidRequest", "protocol"],
    ],
  },
  BucketRequestPayment: {
    initial: { Payer: "BucketOwner" },
    document: { Payer: "Requester" },
    input: (document) => ({ RequestPaymentConfiguration: document }),
    refused: [[{ Payer: "Nobody" }, "MalformedXML", "Payer"]],
    canDelete: false,
  },
  BucketAccelerateConfiguration: {
    initial: {},
    document: { Status: "Suspended" },
    input: (document) => ({ AccelerateConfiguration: document }),
    refused: [[{ Status: "Fast" }, "MalformedXML", "Status is 'Fast'"]],
    canDelete: false,
  },
  BucketNotificationConfiguration: {
    initial: {},
    document: { EventBridgeConfiguration: {} },
    input: (document) => ({ NotificationConfiguration: document }),
    refused: [
      [{ QueueConfigurations: [{ QueueArn: "arn:aws:sqs:us-east-1:000000000000:q", Events: ["s3:ObjectCreated:*"] }] }, "NotImplemented", "QueueConfiguration"],
      [{ LambdaFunctionConfigurations: [{ LambdaFunctionArn: "arn", Events: ["s3:ObjectCreated:*"] }] }, "NotImplemented", "CloudFunctionConfiguration"],
    ],
    canDelete: false,
  },
};

for (const [noun, setting] of Object.entries(settings)) {
  const { initial, missing, document, input = (d) => d, refused = [], afterDelete = missing, canDelete = true } = setting;
  const isAsBefore = async () => (missing ? assert.rejects(send("Get" + noun), { name: missing }) : assert.deepEqual(await given("Get" + noun), initial));

  test(`${noun} is kept and given back`, async () => {
    await isAsBefore();
    for (const [wrong, name, message] of refused) {
      await assert.rejects(send("Put" + noun, input(wrong)), (e) => e.name === name && e.message.includes(message), `${name}: ${message}`);
    }
    await isAsBefore();
    await send("Put" + noun, input(document));
    assert.deepEqual(await given("Get" + noun), document);
    if (canDelete) {
      await send("Delete" + noun);
      await send("Delete" + noun);
      await (afterDelete === "initial" ? isAsBefore() : assert.rejects(send("Get" + noun), { name: afterDelete }));
    }
    await assert.rejects(send("Get" + noun, { Bucket: "nowhere" }), { name: "NoSuchBucket" });
    await assert.rejects(send("Put" + noun, { ...input(document), Bucket: "nowhere" }), { name: "NoSuchBucket" });
  });
}

test("a bucket's settings go with it", async () => {
  const other = { Bucket: "settings-again" };
  await send("CreateBucket", other);
  await send("PutBucketTagging", { ...other, Tagging: { TagSet: [{ Key: "a", Value: "1" }] } });
  await send("DeletePublicAccessBlock", other);
  await send("DeleteBucket", other);
  await send("CreateBucket", { ...other, CreateBucketConfiguration: { Tags: [{ Key: "b", Value: "2" }] }, ObjectOwnership: "BucketOwnerEnforced" });
  assert.deepEqual((await send("GetBucketTagging", other)).TagSet, [{ Key: "b", Value: "2" }]);
  assert.equal((await send("GetPublicAccessBlock", other)).PublicAccessBlockConfiguration.BlockPublicPolicy, true);
  await assert.rejects(send("CreateBucket", { Bucket: "settings-third", ObjectOwnership: "ObjectWriter" }), { name: "NotImplemented" });
  await assert.rejects(send("CreateBucket", { Bucket: "settings-third", ObjectOwnership: "Nobody" }), { name: "InvalidArgument" });
});

test("there is no object lock", async () => {
  await assert.rejects(send("GetObjectLockConfiguration"), { name: "ObjectLockConfigurationNotFoundError" });
  await assert.rejects(
    send("PutObjectLockConfiguration", { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
    (e) => e.name === "NotImplemented" && e.message.includes("PutObjectLockConfiguration"));
});

test("access control lists say that the owner has full control, and stay so", async () => {
  const Key = "owned";
  await send("PutObject", { Key, Body: "x", ACL: "bucket-owner-full-control" });
  const acl = await send("GetBucketAcl");
  assert.match(acl.Owner.ID, /^[0-9a-f]{64}$/);
  assert.deepEqual(acl.Grants, [{ Grantee: { ID: acl.Owner.ID, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }]);
  assert.deepEqual((await send("GetObjectAcl", { Key })).Grants, acl.Grants);
  const { Owner, Grants } = acl;
  for (const [put, at] of [["PutBucketAcl", {}], ["PutObjectAcl", { Key }]]) {
    await send(put, { ...at, ACL: "bucket-owner-full-control" });
    await send(put, { ...at, AccessControlPolicy: { Owner, Grants } });
    const everyone = [...Grants, { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" }, Permission: "READ" }];
    await assert.rejects(send(put, { ...at, ACL: "public-read" }), { name: "AccessControlListNotSupported" });
    await assert.rejects(send(put, { ...at, ACL: "private" }), { name: "AccessControlListNotSupported", message: "The bucket does not allow ACLs" });
    await assert.rejects(send(put, { ...at, GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }), { name: "AccessControlListNotSupported" });
    await assert.rejects(send(put, { ...at, AccessControlPolicy: { Owner, Grants: everyone } }), { name: "AccessControlListNotSupported" });
    await assert.rejects(send(put, { ...at, AccessControlPolicy: { Owner, Grants: [{ ...Grants[0], Permission: "ALL" }] } }), { name: "MalformedACLError" });
    await assert.rejects(send(put, { ...at, AccessControlPolicy: { Owner: { ID: "me" }, Grants } }), { name: "InvalidArgument" });
    await assert.rejects(send(put, { ...at, ACL: "fake" }), { name: "InvalidArgument" });
    await assert.rejects(send(put, { ...at, ACL: "private", GrantRead: "id=1" }), { name: "InvalidRequest" });
    await assert.rejects(send(put, at), { name: "MissingSecurityHeader" });
  }
  for (const ACL of ["public-read", "private"]) {
    await assert.rejects(send("PutObject", { Key, Body: "y", ACL }), { name: "AccessControlListNotSupported" });
    await assert.rejects(send("CreateMultipartUpload", { Key, ACL }), { name: "AccessControlListNotSupported" });
  }
  await send("CreateBucket", { Bucket: "settings-private", ACL: "private" });
  await assert.rejects(send("CreateBucket", { Bucket: "settings-public", ACL: "public-read" }), { name: "InvalidBucketAclWithObjectOwnership" });
  await assert.rejects(send("GetObjectAcl", { Key: "absent" }), { name: "NoSuchKey" });
});

test("replication is kept between buckets that have versions", async () => {
  const target = "settings-replica";
  const rule = { ID: "all", Priority: 1, Status: "Enabled", Filter: { Prefix: "a/" }, DeleteMarkerReplication: { Status: "Disabled" }, Destination: { Bucket: `arn:aws:s3:::${target}`, StorageClass: "STANDARD_IA" } };
  const put = (...Rules) => send("PutBucketReplication", { ReplicationConfiguration: { Role: "arn:aws:iam::000000000000:role/r", Rules } });
  await send("CreateBucket", { Bucket: target });
  await assert.rejects(send("GetBucketReplication"), { name: "ReplicationConfigurationNotFoundError" });
  await assert.rejects(put(rule), (e) => e.name === "InvalidRequest" && e.message.includes("Versioning must be 'Enabled'"));
  await send("PutBucketVersioning", { VersioningConfiguration: { Status: "Enabled" } });
  await assert.rejects(put(rule), (e) => e.name === "InvalidRequest" && e.message.includes("Destination bucket"));
  await send("PutBucketVersioning", { Bucket: target, VersioningConfiguration: { Status: "Enabled" } });
  await assert.rejects(put(), { name: "MalformedXML" });
  await put(rule);
  assert.deepEqual((await send("GetBucketReplication")).ReplicationConfiguration.Rules, [rule]);
  await send("DeleteBucketReplication");
  await assert.rejects(send("GetBucketReplication"), { name: "ReplicationConfigurationNotFoundError" });
});
