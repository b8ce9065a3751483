using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Forms;

/// <summary>Who signed a form. What is signed is its policy: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html</summary>
internal sealed class FormSignatures(LocalAwsOptions options, Authentication authentication, CredentialStore credentials)
{
    private const string TokenField = "x-amz-security-token";

    private static readonly S3Refusals Refusals = new();
    private static readonly string[] Version4 = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"];
    private static readonly string[] Version2 = ["AWSAccessKeyId", "Signature"];

    /// <summary>Checks that a form is signed, and, where signatures are checked, that it is so by a credential that is known.</summary>
    /// <exception cref="AwsException">AccessDenied: it is not signed; InvalidArgument: a field is missing; SignatureDoesNotMatch and its like.</exception>
    public void Check(Caller caller, PostForm form)
    {
        var fields = Array.Find([Version4, Version2], fields => Array.Exists(fields, f => form.Field(f) is not null)) ?? throw Refusals.NotSigned();
        Array.ForEach(fields, f => form.Require(f));
        var policy = form.Require("policy");
        if (options.RequireAuth is null)
        {
            return;
        }

        if (fields == Version2)
        {
            SignatureVersion2.CheckText(credentials.Find(form.Require("AWSAccessKeyId"), form.Field(TokenField), Refusals), policy, form.Require("Signature"));
        }
        else
        {
            authentication.CheckText(caller, Signature(form), policy, Refusals);
        }
    }

    private static Signature Signature(PostForm form)
    {
        var (algorithm, date) = (form.Require("X-Amz-Algorithm"), form.Require("X-Amz-Date"));
        if (algorithm != Access.Signature.Algorithm)
        {
            throw Access.Refusals.NotSupported(algorithm);
        }

        var time = Access.Signature.Parse(date) ?? throw Refusals.Malformed($"X-Amz-Date must be in the ISO8601 Long Format, not '{date}'", inQuery: true);
        return Access.Signature.Make(form.Require("X-Amz-Credential"), date, time, "", form.Require("X-Amz-Signature"), Refusals, inQuery: true) with
        {
            Token = form.Field(TokenField),
        };
    }
}
