using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.S3;

/// <summary>The AWS SDK for .NET, with its defaults, against S3.</summary>
public sealed class S3ClientTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    internal static AmazonS3Client Client(LocalAwsFixture aws) => new(
        new BasicAWSCredentials("test", "test"),
        new AmazonS3Config { ServiceURL = aws.Server.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });

    internal static async Task<string> Text(GetObjectResponse response)
    {
        using var reader = new StreamReader(response.ResponseStream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    [Fact]
    public async Task An_object_that_was_put_is_given_back_as_it_was()
    {
        using var s3 = Client(aws);
        await s3.PutBucketAsync("dotnet");
        var put = await s3.PutObjectAsync(new() { BucketName = "dotnet", Key = "a b/ü.txt", ContentBody = "hello", ContentType = "text/plain" });
        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", put.ETag);
        using var got = await s3.GetObjectAsync("dotnet", "a b/ü.txt");
        Assert.Equal("hello", await Text(got));
        Assert.Equal("text/plain", got.Headers.ContentType);
        Assert.Equal(put.ETag, got.ETag);
        var head = await s3.GetObjectMetadataAsync("dotnet", "a b/ü.txt");
        Assert.Equal(5, head.ContentLength);
        await s3.DeleteObjectAsync("dotnet", "a b/ü.txt");
        var missing = await Assert.ThrowsAsync<NoSuchKeyException>(() => s3.GetObjectAsync("dotnet", "a b/ü.txt"));
        Assert.Equal("NoSuchKey", missing.ErrorCode);
    }

    [Fact]
    public async Task Listing_gives_keys_in_the_order_of_their_bytes_page_by_page()
    {
        using var s3 = Client(aws);
        await s3.PutBucketAsync("pages");
        string[] keys = ["B", "a", "a/b/c", "a/b/d", "a/e", "z", "é", "😀", "\uFFFD"];
        foreach (var key in keys)
        {
            await s3.PutObjectAsync(new() { BucketName = "pages", Key = key, ContentBody = key });
        }

        var listed = new List<string>();
        await foreach (var entry in s3.Paginators.ListObjectsV2(new() { BucketName = "pages", MaxKeys = 2 }).S3Objects)
        {
            listed.Add(entry.Key);
        }

        Assert.Equal(keys.OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k)), StringComparer.Ordinal), listed);
        var top = await s3.ListObjectsV2Async(new() { BucketName = "pages", Delimiter = "/", Prefix = "a" });
        Assert.Equal(["a"], top.S3Objects.Select(o => o.Key));
        Assert.Equal(["a/"], top.CommonPrefixes);
    }

    [Fact]
    public async Task What_is_missing_is_refused_in_S3s_words()
    {
        using var s3 = Client(aws);
        var missing = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new() { BucketName = "nowhere", Key = "k", ContentBody = "x" }));
        Assert.Equal("NoSuchBucket", missing.ErrorCode);
        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.ListBucketAnalyticsConfigurationsAsync(new() { BucketName = "nowhere" }));
        Assert.Equal("NotImplemented", refused.ErrorCode);
        Assert.Contains("BucketAnalyticsConfiguration", refused.Message, StringComparison.Ordinal);
    }
}
