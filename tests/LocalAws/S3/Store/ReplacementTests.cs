using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.S3.Store;

/// <summary>Reads of an object that others replace at the same time.</summary>
public sealed class ReplacementTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Bucket = "replaced";
    private const string Key = "k";
    private const int Replacements = 100;

    private ObjectStore Objects => aws.Server.Part<ObjectStore>();

    [Fact]
    public async Task Who_reads_an_object_of_parts_while_others_replace_it_finds_one_with_all_of_its_parts()
    {
        aws.Server.Part<Buckets>().Create(Bucket, "us-east-1");
        await Upload(1);
        var replacing = Task.Run(async () =>
        {
            for (var i = 0; i < Replacements; i++)
            {
                await Upload(1 + (i % 2));
            }
        });
        await Task.WhenAll(replacing, Task.Run(() => Read(replacing)), Task.Run(() => Read(replacing)));
    }

    private void Read(Task replacing)
    {
        while (!replacing.IsCompleted)
        {
            var found = Objects.FindWithParts(Bucket, Key, null)!;
            Assert.Equal(found.Size, found.Parts.Sum(p => p.Size));
            var (stored, content) = Objects.Open(Bucket, Key)!.Value;
            using (content)
            {
                Assert.Equal(stored.Size, content.Length);
                Assert.Equal(stored.Size, stored.Parts.Sum(p => p.Size));
            }
        }
    }

    /// <summary>Makes the object anew of a part of so many bytes.</summary>
    private async Task Upload(int size)
    {
        var uploads = aws.Server.Part<Uploads>();
        var upload = uploads.Create(Bucket, Key, new(), null);
        using var digests = new Digests();
        using var bytes = new MemoryStream(new byte[size]);
        var written = await aws.Server.Part<ObjectFiles>().WritePart(bytes, digests, null, TestContext.Current.CancellationToken);
        var part = uploads.Put(upload, 1, written, digests.Value());
        uploads.Complete(Bucket, Key, new(upload.Id, [new(1, part.ETag, new Dictionary<string, string>())]), null);
    }
}
