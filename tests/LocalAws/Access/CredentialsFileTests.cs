using Slipway.LocalAws.Access;

namespace Slipway.Tests.LocalAws.Access;

/// <summary>What <c>--require-auth</c> reads, and what it says of each mistake.</summary>
public sealed class CredentialsFileTests
{
    private const string Alice = "[alice]\naws_access_key_id = AKIAALICEALICEALICE1\naws_secret_access_key = alice/secret/of/forty/characters/in/all1\n";

    [Fact]
    public void Sections_are_users_with_an_access_key_each()
    {
        var found = Read("# people\r\n" + Alice.Replace("\n", "\r\n", StringComparison.Ordinal) + "\n; programs\n[ci-runner]\nAWS_SECRET_ACCESS_KEY=runner=secret=of=forty=characters\naws_access_key_id=RUNNER_RUNNER_01\n");
        Assert.Equal(["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/ci-runner"], found.Select(c => c.Identity.Arn));
        Assert.Equal("AKIAALICEALICEALICE1", found[0].AccessKeyId);
        Assert.Equal("runner=secret=of=forty=characters", found[1].SecretAccessKey);
        Assert.Matches("^AIDA[A-Z2-7]{17}$", found[0].Identity.UserId);
    }

    [Theory]
    [InlineData("", "line 1: it names no credentials")]
    [InlineData("# nothing\n\n", "line 2: it names no credentials")]
    [InlineData("aws_access_key_id = A\n", "line 1: a [section]")]
    [InlineData("[alice\n", "line 1: the section has no closing ]")]
    [InlineData("[alice smith]\n", "line 1: 'alice smith' is no user's name")]
    [InlineData(Alice + Alice, "line 4: the section [alice] is there already, on line 1")]
    [InlineData("[alice]\naws_access_key_id\n", "line 2: 'NAME = VALUE' is expected")]
    [InlineData("[alice]\nregion = us-east-1\n", "line 2: 'region' is unknown")]
    [InlineData("[alice]\naws_session_token = x\n", "line 2: aws_session_token: temporary credentials come from AssumeRole")]
    [InlineData("[alice]\naws_access_key_id = short\n", "line 2: aws_access_key_id must be 16 to 128")]
    [InlineData("[alice]\naws_access_key_id = ASIAALICEALICEALICE1\n", "must not start with ASIA")]
    [InlineData("[alice]\naws_secret_access_key = short\n", "line 2: aws_secret_access_key must be 16 to 128")]
    [InlineData("[alice]\naws_access_key_id = AKIAALICEALICEALICE1\naws_access_key_id = AKIAALICEALICEALICE2\n", "line 3: aws_access_key_id is there already, on line 2")]
    [InlineData("\n[alice]\naws_access_key_id = AKIAALICEALICEALICE1\n", "line 2: [alice] has no aws_secret_access_key")]
    [InlineData("[alice]\naws_secret_access_key = alice/secret/of/forty/characters/in/all1\n", "line 1: [alice] has no aws_access_key_id")]
    [InlineData(Alice + "[bob]\naws_secret_access_key = bobs/secret/of/forty/characters/in/all1\naws_access_key_id = AKIAALICEALICEALICE1\n", "line 6: the aws_access_key_id AKIAALICEALICEALICE1 is another user's already, on line 2")]
    public void A_mistake_is_refused_with_its_line_and_without_a_secret(string content, string words)
    {
        var message = Assert.Throws<InvalidDataException>(() => Read(content)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.DoesNotContain("forty", message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<SigningCredential> Read(string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);
            return CredentialsFile.Read(file, "111122223333");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
