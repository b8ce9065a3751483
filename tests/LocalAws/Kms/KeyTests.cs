using System.Text;
using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.LocalAws.Kms;

/// <summary>What time and the data directory do to keys.</summary>
public sealed class KeyTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-kms-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Caller _caller = new("000000000000", "us-east-1", "test", "1");
    private Parts _parts;

    public KeyTests() => _parts = Open();

    private string KeyFile => Path.Combine(_folder, "kms.key");

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_key_is_gone_for_good_when_its_deletion_date_comes()
    {
        await Resume();
        var key = Make();
        _parts.Get<Aliases>().Create(new CreateAlias("alias/gone", key), _caller);
        var sealedText = Encrypt(key, "secret");
        _parts.Get<KeyDeletions>().Schedule(new ScheduleKeyDeletion(key, 7), _caller);
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(KeyState.PendingDeletion, Describe(key).KeyState);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("NotFoundException", Assert.Throws<AwsException>(() => Describe(key)).Code);
        Assert.Equal("NotFoundException", Assert.Throws<AwsException>(() => Describe("alias/gone")).Code);
        Assert.Equal("NotFoundException", Assert.Throws<AwsException>(() => _parts.Get<KeyDeletions>().Cancel(new CancelKeyDeletion(key), _caller)).Code);
        Assert.Equal("AccessDeniedException", Assert.Throws<AwsException>(() => Decrypt(sealedText)).Code);
        var rows = _parts.Get<Database>().Read(c => c.Query("SELECT name FROM resource WHERE kind IN ('kms-key', 'kms-alias')", r => r.GetString(0)));
        Assert.Empty(rows);
    }

    [Fact]
    public async Task An_object_can_not_be_read_once_its_key_is_gone()
    {
        await Resume();
        var key = Make();
        _parts.Get<Buckets>().Create("bucket", "us-east-1");
        var objects = _parts.Get<ObjectStore>();
        using (var content = new MemoryStream("secret"u8.ToArray()))
        {
            await objects.Put("bucket", "k", content, new() { Standard = new Dictionary<string, string> { [EncryptionHeaders.Algorithm] = EncryptionHeaders.Kms, [EncryptionHeaders.KeyId] = key } });
        }

        using (var opened = objects.Open("bucket", "k")!.Value.Content)
        {
            Assert.Equal("secret", await new StreamReader(opened).ReadToEndAsync());
        }

        _parts.Get<KeyDeletions>().Schedule(new ScheduleKeyDeletion(key, 7), _caller);
        Assert.Equal("KMS.KMSInvalidStateException", Assert.Throws<AwsException>(() => objects.Open("bucket", "k")).Code);
        _time.Advance(TimeSpan.FromDays(7));
        Assert.Equal("AccessDenied", Assert.Throws<AwsException>(() => objects.Open("bucket", "k")).Code);
    }

    [Fact]
    public async Task A_deletion_whose_date_passed_while_nothing_ran_is_done_at_the_start()
    {
        var key = Make();
        _parts.Get<KeyDeletions>().Schedule(new ScheduleKeyDeletion(key, 7), _caller);
        await _parts.DisposeAsync();
        _time.Advance(TimeSpan.FromDays(8));
        _parts = Open();
        await Resume();
        Assert.Empty(_parts.Get<Database>().Read(c => c.Query("SELECT name FROM resource WHERE kind = 'kms-key'", r => r.GetString(0))));
    }

    [Fact]
    public async Task A_key_rotates_by_itself_each_period_while_it_is_enabled()
    {
        await Resume();
        var key = Make();
        var sealedText = Encrypt(key, "before");
        var rotations = _parts.Get<KeyRotations>();
        rotations.Enable(new EnableKeyRotation(key, 90), _caller);
        _time.Advance(TimeSpan.FromDays(90));
        _time.Advance(TimeSpan.FromDays(90));
        var done = rotations.List(new ListKeyRotations(key), _caller).Rotations;
        Assert.Equal(["AUTOMATIC", "AUTOMATIC"], done.Select(r => r.RotationType));
        Assert.Equal(done[^1].KeyMaterialId, Describe(key).CurrentKeyMaterialId);
        Assert.Equal("before", Decrypt(sealedText));
        _parts.Get<Keys>().Disable(new DisableKey(key), _caller);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(2, rotations.List(new ListKeyRotations(key), _caller).Rotations.Count);
        _parts.Get<Keys>().Enable(new EnableKey(key), _caller);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, rotations.List(new ListKeyRotations(key), _caller).Rotations.Count);
        _time.Advance(TimeSpan.FromDays(90));
        Assert.Equal(4, rotations.List(new ListKeyRotations(key), _caller).Rotations.Count);
    }

    [Fact]
    public async Task What_was_encrypted_opens_after_a_restart()
    {
        var key = Make();
        var sealedText = Encrypt(key, "secret");
        await _parts.DisposeAsync();
        _parts = Open();
        await Resume();
        Assert.Equal("secret", Decrypt(sealedText));
    }

    [Fact]
    public async Task The_material_of_keys_is_on_disk_only_sealed_by_a_file_that_its_owner_alone_reads()
    {
        var key = Make();
        var material = _parts.Get<KeyMaterials>().Open(key, _parts.Get<KeyTable>().Find(key)!.Current);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }

        Assert.Equal(32, new FileInfo(KeyFile).Length);
        await _parts.DisposeAsync();
        foreach (var file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(material));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(material)[..40])));
        }
    }

    [Fact]
    public async Task A_missing_key_file_stops_the_start_and_is_not_made_again()
    {
        var sealedText = Encrypt(Make(), "secret");
        await _parts.DisposeAsync();
        var away = KeyFile + ".away";
        File.Move(KeyFile, away);
        _parts = Open();
        var missing = await Assert.ThrowsAsync<DataDirectoryException>(Resume);
        Assert.Contains($"{KeyFile} is missing", missing.Message, StringComparison.Ordinal);
        Assert.Throws<DataDirectoryException>(() => Make());
        Assert.False(File.Exists(KeyFile));
        File.Move(away, KeyFile);
        Assert.Equal("secret", Decrypt(sealedText));
    }

    [Fact]
    public async Task Another_directorys_key_file_stops_the_start()
    {
        Make();
        await _parts.DisposeAsync();
        await File.WriteAllBytesAsync(KeyFile, new byte[32]);
        _parts = Open();
        var other = await Assert.ThrowsAsync<DataDirectoryException>(Resume);
        Assert.Contains("is not the key that sealed", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_an_unfinished_start_left_is_used()
    {
        await File.WriteAllBytesAsync(KeyFile, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        var sealedText = Encrypt(Make(), "secret");
        await _parts.DisposeAsync();
        _parts = Open();
        await Resume();
        Assert.Equal("secret", Decrypt(sealedText));
    }

    private Parts Open() => new(new LocalAwsOptions { DataDirectory = _folder, Time = _time }, _time);

    private async Task Resume()
    {
        await _parts.Get<RootKey>().Resume(CancellationToken.None);
        await _parts.Get<KeySchedule>().Resume(CancellationToken.None);
    }

    private string Make() => _parts.Get<Keys>().Create(new CreateKey(), _caller).KeyMetadata.KeyId;

    private KeyMetadata Describe(string key) => _parts.Get<Keys>().Describe(new DescribeKey(key), _caller).KeyMetadata;

    private byte[] Encrypt(string key, string text) =>
        _parts.Get<Cryptography>().Encrypt(new Encrypt(key, Encoding.UTF8.GetBytes(text)), _caller).CiphertextBlob;

    private string Decrypt(byte[] sealedText) => Encoding.UTF8.GetString(_parts.Get<Cryptography>().Decrypt(new Decrypt(sealedText), _caller).Plaintext);
}
