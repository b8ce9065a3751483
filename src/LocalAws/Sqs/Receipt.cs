using System.Globalization;
using System.Text;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>What names a message as it was received once.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="Number">The message's number.</param>
/// <param name="Secret">Another for each time that it is received.</param>
internal sealed record Receipt(string Queue, long Number, string Secret)
{
    /// <summary>Its form for clients.</summary>
    public string Handle => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Queue}/{Number}/{Secret}"));

    /// <summary>Reads a receipt of a queue.</summary>
    /// <exception cref="AwsException">ReceiptHandleIsInvalid.</exception>
    public static Receipt Read(string handle, StoredQueue queue)
    {
        var bytes = new byte[handle.Length];
        return Convert.TryFromBase64String(handle, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length).Split('/') is [var name, var digits, var secret]
            && name == queue.Name && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(name, number, secret)
            : throw SqsErrors.InvalidReceipt(handle);
    }
}
