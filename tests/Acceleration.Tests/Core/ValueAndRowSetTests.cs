using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class ValueAndRowSetTests : CoreTest
{
    [Theory]
    [InlineData(TextPlace.Before)]
    [InlineData(TextPlace.After)]
    public void AJointStreamIsSeenAsItsPair(TextPlace place)
    {
        var joint = Count(1, 5, 2);
        var value = Value.FromJoint(joint, 2, place);
        Assert.Same(joint, value.Joint(place));
        Same(joint.narrow(1, place == TextPlace.Before ? 2 : 0, 3), value.Main);
        Same(joint.narrow(1, place == TextPlace.Before ? 0 : 3, 2), value.Text!);
    }

    [Theory]
    [InlineData(TextPlace.Before)]
    [InlineData(TextPlace.After)]
    public void AChangedPairIsConcatenated(TextPlace place)
    {
        var joint = Count(1, 5, 2);
        Same(joint + 1, Value.FromJoint(joint, 2, place).Map(t => t + 1).Joint(place));
    }

    [Fact]
    public void ASingleStreamIsItsOwnJoint()
    {
        var x = Count(1, 2, 2);
        Assert.Same(x, new Value(x).Joint(TextPlace.Before));
    }

    [Fact]
    public void ZipCombinesMemberByMember()
    {
        var a = new Value(Count(2), Count(3));
        var sum = a.Zip(a, (x, y) => x + y);
        Same(Count(2) * 2, sum.Main);
        Same(Count(3) * 2, sum.Text!);
        Assert.Throws<ArgumentException>(() => a.Zip(new(Count(2)), (x, _) => x));
        Assert.Throws<ArgumentException>(() => new Value(Count(2)).Zip(a, (x, _) => x));
    }

    [Fact]
    public void ConcatPutsRowsTogether()
    {
        var both = Value.Concat([new(Count(1, 2), Count(1, 3)), new(Count(2, 2), Count(2, 3))]);
        Assert.Equal([3, 2], both.Main.shape);
        Assert.Equal([3, 3], both.Text!.shape);
        Assert.Null(Value.Concat([Count(1, 2), Count(1, 2)]).Text);
    }

    [Fact]
    public void AdjacentRowsAreViews()
    {
        var x = Count(4, 2);
        Rows(4).Take(x, [1, 2]).fill_(9);
        Assert.Equal([0, 1, 9, 9, 9, 9, 6, 7], x.data<float>().ToArray());
        Rows(4).Take(x, [0, 3]).fill_(5);
        Assert.Equal([0, 1, 9, 9, 9, 9, 6, 7], x.data<float>().ToArray());
    }

    [Fact]
    public void RowsAreTakenWithTheirFold()
    {
        Same(tensor(new float[] { 4, 5, 0, 1 }), Rows(3).Take(Count(6), [2, 0]));
        Same(tensor(new float[] { 2, 3, 4, 5 }), Rows(3).Take(Count(6), [1, 2]));
    }

    [Fact]
    public void ASharedRowStaysOne()
    {
        Same(Count(1, 2), Rows(3).Take(Count(1, 2), [0, 2]));
        Assert.Equal([0, 2], Rows(3).Take(Count(3, 2), []).shape);
    }

    [Fact]
    public void BothStreamsAreTaken()
    {
        var taken = Rows(3).Take(new Value(Count(3, 2), Count(3)), [2]);
        Same(tensor(new float[,] { { 4, 5 } }), taken.Main);
        Same(tensor(new float[] { 2 }), taken.Text!);
    }

    [Fact]
    public void ALengthThatIsNoMultipleIsRefused() =>
        Assert.Contains("multiple of its 3 rows", Assert.Throws<ArgumentException>(() => Rows(3).Take(Count(4), [0])).Message, StringComparison.Ordinal);

    [Fact]
    public void RowSetsAreComparedByTheirOrder()
    {
        RowSet a = new(new(0, 0), new(1, 0)), b = new(new(1, 0), new(0, 0));
        Assert.Equal(Rows(2), a);
        Assert.Equal(Rows(2).GetHashCode(), a.GetHashCode());
        Assert.NotEqual(a, b);
        Assert.Equal(b, a.At([1, 0]));
        Assert.Equal((1, -1), (b.IndexOf(new(0, 0)), b.IndexOf(new(2, 0))));
        Assert.Equal([1], a.Positions(r => r.Sample == 1));
        Assert.Equal("0/cond 1/cond", a.ToString());
    }
}
