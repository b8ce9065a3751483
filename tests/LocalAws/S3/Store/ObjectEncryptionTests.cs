using System.Text;
using Amazon.S3;
using Slipway.Aws.Kms;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;
using ServerSideEncryptionRule = Amazon.S3.Model.ServerSideEncryptionRule;

namespace Slipway.Tests.LocalAws.S3.Store;

/// <summary>What SSE-KMS does to the files of objects, and to the jobs that read and write them.</summary>
public sealed class ObjectEncryptionTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private ObjectStore Objects => aws.Server.Part<ObjectStore>();

    [Fact]
    public async Task The_stored_file_holds_nothing_of_the_content_and_opens_after_a_restart()
    {
        using var s3 = S3ClientTests.Client(aws);
        var (open, secret) = ("known to all " + Guid.NewGuid(), "the secret " + Guid.NewGuid());
        await s3.PutBucketAsync("at-rest");
        await s3.PutObjectAsync(new() { BucketName = "at-rest", Key = "plain", ContentBody = open });
        Assert.True(IsOnDisk(open));
        await s3.DeleteObjectAsync("at-rest", "plain");
        await s3.PutObjectAsync(new() { BucketName = "at-rest", Key = "sealed", ContentBody = secret, ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS });
        Assert.False(IsOnDisk(secret));
        await aws.Restart();
        using var again = S3ClientTests.Client(aws);
        using var got = await again.GetObjectAsync("at-rest", "sealed");
        Assert.Equal(secret, await S3ClientTests.Text(got));
    }

    [Fact]
    public async Task A_file_that_was_changed_on_disk_is_never_given_out()
    {
        using var s3 = S3ClientTests.Client(aws);
        await s3.PutBucketAsync("changed");
        await s3.PutObjectAsync(new() { BucketName = "changed", Key = "k", ContentBody = "content", ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS });
        var name = Objects.Find("changed", "k")!.File;
        var path = Path.Combine(aws.DataDirectory, "objects", name[..2], name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var got = await s3.GetObjectAsync("changed", "k");
            await S3ClientTests.Text(got);
        });
        Assert.Contains("was changed in its chunk 0", await File.ReadAllTextAsync(Path.Combine(aws.DataDirectory, "server.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_reads_and_writes_a_bucket_that_encrypts_and_says_which_key_it_lacks()
    {
        using var s3 = S3ClientTests.Client(aws);
        var key = (await aws.Aws.Send(new CreateKey())).KeyMetadata;
        await s3.PutBucketAsync("encrypting");
        await s3.PutBucketEncryptionAsync(new()
        {
            BucketName = "encrypting",
            ServerSideEncryptionConfiguration = new() { ServerSideEncryptionRules = [new ServerSideEncryptionRule { ServerSideEncryptionByDefault = new() { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS, ServerSideEncryptionKeyManagementServiceKeyId = key.KeyId } }] },
        });
        await s3.PutObjectAsync(new() { BucketName = "encrypting", Key = "in/a", ContentBody = "a" });
        var done = await Process("reads-encrypted");
        Assert.True(done.ProcessingJobStatus == JobStatus.Completed, done.FailureReason);
        using var output = await s3.GetObjectAsync("encrypting", "out/reads-encrypted/a");
        Assert.Equal(("a", key.Arn), (await S3ClientTests.Text(output), output.ServerSideEncryptionKeyManagementServiceKeyId));
        var own = (await aws.Aws.Send(new CreateKey())).KeyMetadata;
        Assert.Equal(JobStatus.Completed, (await Process("own-key", own.KeyId)).ProcessingJobStatus);
        Assert.Equal(own.Arn, Objects.Find("encrypting", "out/own-key/a")!.Headers.Standard[EncryptionHeaders.KeyId]);
        await aws.Aws.Send(new DisableKey(own.KeyId));
        Assert.Contains($"s3://encrypting/out/unwritten/a can't be written: {own.Arn} is disabled. (KMS.DisabledException)", (await Process("unwritten", own.KeyId)).FailureReason, StringComparison.Ordinal);
        await aws.Aws.Send(new DisableKey(key.KeyId));
        var failed = await Process("lacks-its-key");
        Assert.Equal(JobStatus.Failed, failed.ProcessingJobStatus);
        Assert.Contains($"s3://encrypting/in/a can't be read: {key.Arn} is disabled. (KMS.DisabledException)", failed.FailureReason, StringComparison.Ordinal);
    }

    private async Task<DescribeProcessingJob.Response> Process(string name, string? kmsKeyId = null)
    {
        await aws.Aws.Send(new CreateProcessingJob(
            name, new(new(1, "ml.m5.large", 1)), new(LocalAwsFixture.CommandImage, ["sh", "-c"], ["cp /opt/ml/processing/in/a /opt/ml/processing/out/a"]), aws.RoleArn,
            ProcessingInputs: [new("in", S3Input: new("s3://encrypting/in/", "S3Prefix", LocalPath: "/opt/ml/processing/in", S3InputMode: "File"))],
            ProcessingOutputConfig: new([new("out", S3Output: new($"s3://encrypting/out/{name}", "EndOfJob", "/opt/ml/processing/out"))], kmsKeyId)));
        return await aws.Changed(
            $"arn:aws:sagemaker:us-east-1:000000000000:processing-job/{name}", () => aws.Aws.Send(new DescribeProcessingJob(name)),
            job => job.ProcessingJobStatus is JobStatus.Completed or JobStatus.Failed);
    }

    private bool IsOnDisk(string text) => Directory.EnumerateFiles(Path.Combine(aws.DataDirectory, "objects"), "*", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(aws.DataDirectory, "*.db*")).Any(f => Read(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    // the database is open in this process
    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
