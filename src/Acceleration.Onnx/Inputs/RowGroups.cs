using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Calls of a model that takes a fixed number of rows, or one timestep for all: rows of one time, so many at a time.</summary>
internal static class RowGroups
{
    public static Tensor Run(ModelSignature signature, Tensor latents, Tensor timestep, Conditioning condition, Func<Tensor, Tensor, Conditioning, Tensor> once)
    {
        var rows = (int)latents.size(0);
        var most = signature.FixedRows > 0 ? signature.FixedRows : rows;
        int[][] groups = [.. ByTime(signature, timestep, rows).SelectMany(g => g.Chunk(most))];
        if (groups is [{ Length: var all }] && all == rows && all == most)
        {
            return once(latents, timestep, condition);
        }

        var order = groups.SelectMany(g => g).ToArray();
        var parts = new Tensor[groups.Length];
        for (var i = 0; i < groups.Length; i++)
        {
            parts[i] = Part(groups[i]);
        }

        var joint = cat(parts, 0);
        using var back = tensor([.. Enumerable.Range(0, rows).Select(r => (long)Array.IndexOf(order, r))], device: latents.device);
        return order.SequenceEqual(Enumerable.Range(0, rows)) ? joint : joint.index_select(0, back);

        Tensor Part(int[] group)
        {
            // The last row stands in for those that are missing; what it gives is dropped.
            int[] picked = signature.FixedRows > group.Length ? [.. group, .. Enumerable.Repeat(group[^1], signature.FixedRows - group.Length)] : group;
            using var at = tensor([.. picked.Select(r => (long)r)], device: latents.device);
            using var some = condition.Rows == 1 ? null : condition.Take(picked);
            var output = once(latents.index_select(0, at), timestep.size(0) == 1 ? timestep : timestep.index_select(0, at), some ?? condition);
            return output.narrow(0, 0, group.Length);
        }
    }

    private static IEnumerable<int[]> ByTime(ModelSignature signature, Tensor timestep, int rows)
    {
        if (!signature.HasOneTime || timestep.size(0) == 1)
        {
            return [[.. Enumerable.Range(0, rows)]];
        }

        using var host = timestep.cpu().to(ScalarType.Float32);
        var times = host.data<float>().ToArray();
        return Enumerable.Range(0, rows).GroupBy(r => times[r]).Select(g => g.ToArray());
    }
}
