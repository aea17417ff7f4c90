using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class ConditioningTests : CoreTest
{
    [Fact]
    public void ATensorHasOneRowPerSampleOrOneForAll()
    {
        using var ok = new Conditioning(3, ("text", zeros(3, 2)), ("shared", zeros(1, 2)));
        var e = Assert.Throws<ArgumentException>(() => new Conditioning(3, ("text", zeros(2, 2))));
        Assert.Contains("'text' must have 3 rows (or 1 shared by all) along dimension 0; its shape is [2, 2]", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Conditioning(1, ("scalar", tensor(1f))));
        Assert.ThrowsAny<ArgumentException>(() => Conditioning.None(0));
    }

    [Fact]
    public void AMissingNameIsListedWithTheGivenOnes()
    {
        using var labels = Conditioning.Labels(1, 2);
        Assert.Equal(
            "The network asks for the condition 'text', which was not given. Given: labels.",
            Assert.Throws<KeyNotFoundException>(() => labels["text"]).Message);
        using var none = Conditioning.None(2);
        Assert.Contains("Given: none.", Assert.Throws<KeyNotFoundException>(() => none["text"]).Message, StringComparison.Ordinal);
        Assert.Null(none.Find("text"));
    }

    [Fact]
    public void RowsAreTaken()
    {
        using var all = new Conditioning(3, ("text", Count(3, 2)), ("shared", Count(1, 2)));
        using var two = all.Take([2, 0]);
        Assert.Equal(2, two.Rows);
        Same(tensor(new float[,] { { 4, 5 }, { 0, 1 } }), two["text"]);
        Same(Count(1, 2), two["shared"]);
    }

    [Fact]
    public void OneRowForAllServesAnySamples()
    {
        using var one = new Conditioning(1, ("text", Count(1, 2)));
        using var three = one.Take([0, 2, 5]);
        Assert.Equal(3, three.Rows);
        Same(Count(1, 2), three["text"]);
    }

    [Fact]
    public void PartsAreConcatenatedAndSharedRowsExpanded()
    {
        using var a = new Conditioning(2, ("text", Count(2, 2)));
        using var b = new Conditioning(2, ("text", Count(1, 2)));
        using var both = Conditioning.Concat([a, b]);
        Same(tensor(new float[,] { { 0, 1 }, { 2, 3 }, { 0, 1 }, { 0, 1 } }), both["text"]);
    }

    [Fact]
    public void PartsMustHaveTheSameNames()
    {
        using var a = new Conditioning(1, ("text", Count(1, 2)));
        using var b = new Conditioning(1, ("text", Count(1, 2)), ("pooled", Count(1, 2)));
        Assert.Contains("text | text, pooled", Assert.Throws<ArgumentException>(() => Conditioning.Concat([a, b])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItOwnsItsTensorsBeyondTheScope()
    {
        Conditioning made;
        using (NewDisposeScope())
        {
            made = new(1, ("text", Count(1, 2)));
        }

        using (made)
        using (var moved = made.To(CPU))
        {
            Same(Count(1, 2), moved["text"]);
        }
    }
}
