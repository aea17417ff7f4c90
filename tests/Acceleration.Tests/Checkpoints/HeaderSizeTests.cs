using System.Text;

namespace Acceleration.Tests.Checkpoints;

/// <summary>A header as large as the format allows, whatever is in it: an answer of ours, and managed memory in proportion to the file.</summary>
public sealed class HeaderSizeTests : CheckpointTest
{
    // The header's bytes, and what the strings, entries and tables made of it take.
    private const double MostPerByte = 16;

    private const int Largest = SafetensorsHeader.MaxJsonBytes;

    [Fact]
    public void AQuarterOfAMillionTensorsIsRead()
    {
        var (fewBytes, fewAllocated) = Opened(Tensors(125_000), 125_000);
        var (bytes, allocated) = Opened(Tensors(250_000), 250_000);
        Bounded(bytes, allocated);
        Proportional(fewBytes, fewAllocated, bytes, allocated);
    }

    [Fact]
    public void AMillionEntriesOfMetadataAreRead()
    {
        var (fewBytes, fewAllocated) = Opened(Metadata(Largest / 16), 0);
        var (bytes, allocated) = Opened(Metadata(Largest / 8), 0);
        Bounded(bytes, allocated);
        Proportional(fewBytes, fewAllocated, bytes, allocated);
    }

    [Fact]
    public void OneTextThatFillsTheHeaderIsRead()
    {
        var (bytes, allocated) = Opened("{\"__metadata__\":{\"k\":\"" + new string('v', Largest - 25) + "\"}}", 0);
        Bounded(bytes, allocated);
    }

    [Theory]
    [InlineData("{\"a\":", "[", "", "must be an object")]
    [InlineData("{\"a\":{\"n\":", "[", "", "not valid JSON")]
    [InlineData("{\"a\":{\"n\":", "{\"\":", "", "not valid JSON")]
    [InlineData("{", " ", "", "not valid JSON")]
    [InlineData("{\"a\":{\"n\":\"", "\\u0041", "\"}}", "no 'dtype'")]
    [InlineData("{\"a\":{\"dtype\":\"", "F", "\"}}", "is not supported")]
    [InlineData("{\"a\":{\"shape\":[", "1", "]}}", "integers from 0")]
    [InlineData("{\"a\":{\"shape\":[", "1,", "1]}}", "more than 64")]
    [InlineData("{\"a\":{", "\"\":0,", "\"\":0}}", "no 'dtype'")]
    [InlineData("{\"", "n", "\":1}", "must be an object")]
    [InlineData("{\"", "\\n", "\":1}", "must be an object")]
    [InlineData("{\"a\":{\"n\":\"", "x", "\xff\"}}", "not valid UTF-8")]
    public void WhatIsNoHeaderIsRefusedAtItsFullSize(string begin, string repeated, string end, string reason)
    {
        var json = new byte[Largest];
        Encoding.Latin1.GetBytes(begin, json);
        var (unit, at) = (Encoding.Latin1.GetBytes(repeated), begin.Length);
        var body = json.AsSpan(at, (Largest - end.Length - at) / unit.Length * unit.Length);
        unit.CopyTo(body);
        for (var made = unit.Length; made < body.Length; made *= 2)
        {
            body[..Math.Min(made, body.Length - made)].CopyTo(body[made..]);
        }

        // White space behind keeps the size.
        at += body.Length;
        Encoding.Latin1.GetBytes(end, json.AsSpan(at));
        json.AsSpan(at + end.Length).Fill((byte)' ');
        var path = Raw(json, []);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());
        Bounded(Largest, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 10, 1000);
    }

    private (long Bytes, long Allocated) Opened(string json, int tensors)
    {
        var path = Raw(json, []);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = SafetensorsFile.Open(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(tensors, file.Names.Count);
        return (new FileInfo(path).Length, allocated);
    }

    private static void Bounded(long bytes, long allocated) =>
        Assert.True(allocated <= bytes * MostPerByte, $"{allocated} bytes were allocated for a file of {bytes}.");

    /// <summary>Tables double, so that one of two sizes may just have doubled: a third more.</summary>
    private static void Proportional(long fewBytes, long fewAllocated, long bytes, long allocated) =>
        Assert.True((double)allocated / bytes <= 4d / 3 * fewAllocated / fewBytes, $"{fewAllocated} bytes for {fewBytes}, {allocated} for {bytes}.");

    private static string Tensors(int count)
    {
        var json = new StringBuilder("{");
        for (var i = 0; i < count; i++)
        {
            json.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }

        return json.Append('}').ToString();
    }

    private static string Metadata(int bytes)
    {
        var json = new StringBuilder("{\"__metadata__\":{\"first\":\"\"");
        for (var i = 0; json.Length < bytes - 20; i++)
        {
            json.Append(",\"").Append(i).Append("\":\"\"");
        }

        return json.Append("}}").ToString();
    }
}
