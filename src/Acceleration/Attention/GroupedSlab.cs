using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Some rows and heads of a grouped attention.</summary>
internal sealed class GroupedSlab
{
    private readonly GroupedPlan _plan;
    private readonly AttentionInput _input;
    private readonly Extent _image;
    private readonly Extent _text;
    private readonly long _valid;

    public GroupedSlab(GroupedPlan plan, TokenLayout layout, AttentionInput input)
    {
        (_plan, _input) = (plan, input);
        long image = layout.Tokens, text = layout.TextLength;
        (_image, _text) = layout.Place == TextPlace.Before ? (new Extent(text, text + image), new Extent(0, text)) : (new Extent(0, image), new Extent(image, image + text));
        _valid = layout.ValidText;
    }

    /// <param name="result">[rows, tokens, heads, head_dim], to be filled.</param>
    public void Run(Tensor result)
    {
        var (query, key, value) = (Grid(Image(_input.Query, 2)), Grid(Image(_input.Key, 2)), Grid(Image(_input.Value, 2)));
        var target = new JoinedTarget(Image(result, 1), _plan.Grid, parts: _plan.Parts.Count + (_valid > 0 ? 1 : 0));
        if (_text.Length > 0)
        {
            AttendText(result, target);
        }

        foreach (var part in _plan.Parts)
        {
            foreach (var strip in part)
            {
                using var scope = NewDisposeScope();
                var (keys, values) = (LayOut(key, strip), LayOut(value, strip));
                foreach (var tile in strip.Tiles)
                {
                    using var piece = NewDisposeScope();
                    var (from, count) = (tile.Keys.From * strip.Breadth, tile.Keys.Length * strip.Breadth);
                    target.Add(
                        _input with { Query = Box(query, tile), Key = keys.narrow(2, from, count), Value = values.narrow(2, from, count) },
                        t => Box(t, tile, 1));
                }
            }

            target.NextPart();
        }
    }

    /// <summary>Every query sees the valid text; a text query sees the image, too.</summary>
    private void AttendText(Tensor result, JoinedTarget target)
    {
        var valid = _text with { To = _text.From + _valid };
        using var scope = NewDisposeScope();
        if (_valid > 0)
        {
            target.Add(_input with { Query = Image(_input.Query, 2), Key = Narrow(_input.Key, 2, valid), Value = Narrow(_input.Value, 2, valid) }, static t => t);
            target.NextPart();
        }

        // Text queries are few: that they copy the keys when padding lies between text and image costs little.
        Tensor Seen(Tensor whole) => _valid == _text.Length ? whole : cat([Narrow(whole, 2, valid), Image(whole, 2)], 2);
        var text = DenseAttention.Compute(_input with { Query = Narrow(_input.Query, 2, _text), Key = Seen(_input.Key), Value = Seen(_input.Value) });
        Narrow(result, 1, _text).copy_(text.transpose(1, 2));
    }

    /// <summary>The keys of a strip [rows, heads, laid-out keys, head_dim]; a view where the strip is the grid.</summary>
    private Tensor LayOut(Tensor grid, KeyStrip strip)
    {
        var leading = _plan.Grid.Leading;
        if (strip.IsWhole(_plan.Grid) && !_plan.Wraps(strip))
        {
            return grid.flatten(2, 4);
        }

        var reach = _plan.Reach(strip);
        var laid = empty([grid.size(0), grid.size(1), reach, strip.Middle.Sum(m => m.Length), strip.Trailing.Length, grid.size(5)], grid.dtype, grid.device);
        for (long from = 0; from < reach; from += leading)
        {
            var length = Math.Min(leading, reach - from);
            var columns = Narrow(grid, 4, strip.Trailing).narrow(2, 0, length);
            long at = 0;
            foreach (var middle in strip.Middle)
            {
                laid.narrow(2, from, length).narrow(3, at, middle.Length).copy_(Narrow(columns, 3, middle));
                at += middle.Length;
            }
        }

        return laid.flatten(2, 4);
    }

    private Tensor Image(Tensor whole, int dimension) => Narrow(whole, dimension, _image);

    // [rows, heads, leading, middle, trailing, head_dim].
    private Tensor Grid(Tensor image) => image.view(image.size(0), image.size(1), _plan.Grid.Leading, _plan.Grid.Middle, _plan.Grid.Trailing, image.size(3));

    private static Tensor Box(Tensor grid, QueryTile tile)
    {
        var box = Box(grid, tile, 2);
        return box.flatten(2, 4);
    }

    private static Tensor Box(Tensor grid, QueryTile tile, int first) =>
        Narrow(Narrow(Narrow(grid, first, tile.Leading), first + 1, tile.Middle), first + 2, tile.Trailing);

    private static Tensor Narrow(Tensor whole, int dimension, Extent extent) =>
        extent.From == 0 && extent.To == whole.size(dimension) ? whole : whole.narrow(dimension, extent.From, extent.Length);
}
