using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A row of a table for every label. Does not own its table.</summary>
/// <param name="table">[labels, width].</param>
public sealed class Embedding(Tensor table)
{
    /// <summary>[labels, width].</summary>
    public Tensor Table => table;

    /// <summary>Number of labels.</summary>
    public long Count { get; } = table.size(0);

    /// <summary>Takes <c>name.weight</c>.</summary>
    public static Embedding Read(IWeightSource weights, string name, long count, long width) => new(weights.Take(name + ".weight", [count, width]));

    /// <summary>Looks labels up.</summary>
    /// <param name="labels">int64 [rows] on the table's device.</param>
    /// <returns>[rows, width].</returns>
    /// <exception cref="ArgumentException">A label is outside the table. Checked on the CPU; elsewhere reading labels back would stall the device.</exception>
    public Tensor Apply(Tensor labels)
    {
        if (labels.device_type == DeviceType.CPU)
        {
            RequireKnown(labels);
        }

        return table.index_select(0, labels);
    }

    /// <summary>Refuses labels outside the table.</summary>
    /// <param name="labels">int64 [rows], in host memory.</param>
    /// <exception cref="ArgumentException">A label is outside the table.</exception>
    public void RequireKnown(Tensor labels)
    {
        using var dense = labels.contiguous();
        foreach (var label in dense.data<long>())
        {
            if (label < 0 || label >= Count)
            {
                throw new ArgumentException($"There is no label {label}; labels run from 0 to {Count - 1}.", nameof(labels));
            }
        }
    }
}
